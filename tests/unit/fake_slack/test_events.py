"""Tests of the events for each action, and of subscriptions."""

from typing import Any

import pytest

from tests.fake_slack import Channel, ImpossibleError, ManifestError, User, Workspace
from tests.unit.fake_slack.receiver import manifest_for

JSON = dict[str, Any]


def sent(workspace: Workspace) -> list[str]:
    """Return the names of the events sent so far."""
    workspace.settle()
    return [d.name for d in workspace.deliveries()]


def test_an_event_is_sent_in_an_envelope(workspace: Workspace, ada: User, general: Channel) -> None:
    message = workspace.say(ada, general, "hello")
    payload = workspace.deliveries()[0].payload
    assert payload["type"] == "event_callback"
    assert payload["team_id"] == payload["context_team_id"] == workspace.identity.team_id
    assert payload["api_app_id"] == workspace.identity.app_id
    assert payload["event_id"].startswith("Ev")
    assert payload["is_ext_shared_channel"] is False
    [authorization] = payload["authorizations"]
    assert authorization["user_id"] == workspace.bot_user_id
    assert authorization["is_bot"] is True
    event = payload["event"]
    assert event["ts"] == event["event_ts"] == message.ts
    assert event["client_msg_id"] == message.client_msg_id
    assert event["user"] == ada.id
    assert payload["token"]


def test_typed_text_becomes_markup(workspace: Workspace, ada: User, general: Channel) -> None:
    typed = f"{workspace.mention} T&M <b> @ADA in #general: https://x.test/?a=1&b=2 @here <@U0>"
    message = workspace.say(ada, general, typed)
    assert message.text == (
        f"<@{workspace.bot_user_id}> T&amp;M &lt;b&gt; <@{ada.id}> in <#{general.id}|general>:"
        " <https://x.test/?a=1&amp;b=2> <!here> &lt;@U0&gt;"
    )
    [block] = message.blocks
    kinds = [e["type"] for e in block["elements"][0]["elements"]]
    assert "".join(k[0] for k in kinds) == "ututctltbt"
    assert block["elements"][0]["elements"][1]["text"] == " T&M <b> "


def test_edits_and_deletions_send_events(workspace: Workspace, ada: User, general: Channel) -> None:
    message = workspace.say(ada, general, "before")
    workspace.edit(message, "after")
    workspace.delete(message)
    workspace.settle()
    changed, deleted = (d.event for d in workspace.deliveries()[1:])
    assert changed["subtype"] == "message_changed"
    assert changed["previous_message"]["text"] == "before"
    assert changed["message"]["text"] == "after"
    assert changed["message"]["edited"]["user"] == ada.id
    assert changed["hidden"] is True
    assert deleted["subtype"] == "message_deleted"
    assert deleted["deleted_ts"] == message.ts
    assert deleted["previous_message"]["text"] == "after"
    assert workspace.messages(general) == []
    with pytest.raises(ImpossibleError):
        workspace.edit(message, "again")


def test_a_deleted_parent_message_remains_as_a_tombstone(
    workspace: Workspace, ada: User, general: Channel
) -> None:
    root = workspace.say(ada, general, "root")
    reply = workspace.say(ada, general, "reply", root)
    workspace.delete(root)
    assert [m.text for m in workspace.messages(general, root)] == [
        "This message was deleted.",
        "reply",
    ]
    event = workspace.deliveries()[-1].event
    assert event["message"]["subtype"] == "tombstone"
    assert reply.thread_ts == root.ts


def test_reply_events_contain_thread_ts(workspace: Workspace, ada: User, general: Channel) -> None:
    root = workspace.say(ada, general, "root")
    reply = workspace.say(ada, general, f"{workspace.mention} and this?", root.ts)
    nested = workspace.say(ada, general, "more", reply.ts)
    assert reply.thread_ts == nested.thread_ts == root.ts
    mention, plain = (d.event for d in workspace.deliveries()[1:3])
    assert mention["thread_ts"] == plain["thread_ts"] == root.ts
    assert plain["parent_user_id"] == ada.id


def test_only_conversations_with_the_bot_send_events(workspace: Workspace, ada: User) -> None:
    elsewhere = workspace.add_channel("elsewhere", bot=False)
    workspace.say(ada, elsewhere, f"{workspace.mention} hello")
    assert sent(workspace) == []
    with pytest.raises(ImpossibleError, match="ada is not in"):
        workspace.say(ada, workspace.add_channel("closed", []), "hello")


def test_each_kind_of_conversation_has_its_channel_type(workspace: Workspace, ada: User) -> None:
    for channel in (
        workspace.add_channel("group", private=True),
        workspace.add_channel("mpdm-1", group_dm=True),
        workspace.dm(ada),
    ):
        workspace.say(ada, channel, "hello")
    kinds = [d.event["channel_type"] for d in workspace.deliveries()]
    assert kinds == ["group", "mpim", "im"]


def test_opening_the_home_tab_and_uploading_files_send_events(
    workspace: Workspace, ada: User, general: Channel
) -> None:
    opened = workspace.open_home(ada)
    assert opened is not None
    assert opened.event["tab"] == "home"
    assert opened.event["channel"] == workspace.dm(ada).id
    workspace.upload(ada, general, "terms.csv", b"a,b", "my terms")
    assert sent(workspace) == ["app_home_opened", "message"]
    event = workspace.deliveries("message")[0].event
    assert event["subtype"] == "file_share"
    assert event["files"][0]["name"] == "terms.csv"


def test_messages_from_external_users_are_marked(workspace: Workspace) -> None:
    guest = workspace.add_user("guest", external=True)
    shared = workspace.add_channel("shared", shared=True)
    workspace.say(guest, shared, "hello")
    payload = workspace.deliveries()[0].payload
    assert payload["is_ext_shared_channel"] is True
    assert payload["event"]["user_team"] != workspace.identity.team_id


def test_the_manifest_determines_the_delivered_events(workspace: Workspace, ada: User) -> None:
    manifest = manifest_for("http")
    subscriptions = manifest["settings"]["event_subscriptions"]
    subscriptions["bot_events"] = ["app_mention", "message.im", "message.groups"]
    workspace.install(manifest)
    public = workspace.add_channel("public")
    workspace.say(ada, public, "not subscribed to")
    workspace.say(ada, public, "@sample subscribed to")
    workspace.say(ada, workspace.add_channel("private", private=True), "no scope")
    workspace.open_home(ada)
    assert sent(workspace) == ["app_mention"]
    assert workspace.command(ada, public, "/other").error == "invalid_command"
    with pytest.raises(ImpossibleError, match="no message shortcut 'ask'"):
        workspace.shortcut(ada, "ask", workspace.messages(public)[0])


def test_shortcuts_fail_if_interactivity_is_off(workspace: Workspace, ada: User) -> None:
    manifest = manifest_for("http")
    manifest["settings"]["interactivity"]["is_enabled"] = False
    workspace.install(manifest)
    assert workspace.shortcut(ada, "ask").error == "interactivity_disabled"


def test_an_invalid_manifest_is_refused(workspace: Workspace) -> None:
    manifest = manifest_for("http")
    manifest["features"]["slash_commands"][0]["command"] = "/Near It"
    manifest["features"]["shortcuts"][0]["name"] = "A name that is far too long for it"
    manifest["settings"]["event_subscriptions"]["bot_events"].append("message.chanels")
    with pytest.raises(ManifestError) as refused:
        workspace.install(manifest)
    for words in ("'/Near It'", "1 to 24", "'message.chanels'"):
        assert words in str(refused.value)
    with pytest.raises(ManifestError, match="socket_mode_enabled is True"):
        workspace.install(manifest_for("socket"))


def test_the_manifest_determines_whether_command_text_is_escaped(
    workspace: Workspace, ada: User, general: Channel
) -> None:
    manifest = manifest_for("http")
    workspace.install(manifest)
    plain = workspace.command(ada, general, "/near", "@ada & #general")
    assert plain.payload["text"] == "@ada &amp; #general"
    manifest["features"]["slash_commands"][0]["should_escape"] = True
    workspace.install(manifest)
    escaped = workspace.command(ada, general, "/near", "@ada & #general")
    assert escaped.payload["text"] == f"<@{ada.id}|ada> &amp; <#{general.id}|general>"
