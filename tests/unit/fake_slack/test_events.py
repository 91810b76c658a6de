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


def test_only_conversations_with_the_bot_send_events(workspace: Workspace, ada: User) -> None:
    elsewhere = workspace.add_channel("elsewhere", bot=False)
    workspace.say(ada, elsewhere, f"{workspace.mention} hello")
    assert sent(workspace) == []
    with pytest.raises(ImpossibleError, match="ada is not in"):
        workspace.say(ada, workspace.add_channel("closed", []), "hello")


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
