"""Web API methods: results and errors."""

from typing import Any
from urllib.request import urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fake_slack import Channel, User, Workspace
from tests.unit.fake_slack.block_samples import actions, button, modal, section
from tests.unit.fake_slack.receiver import BUTTONS, manifest_for


def error_of(call: Any, **args: Any) -> str:
    """Return the error code of a refused call."""
    with pytest.raises(SlackApiError) as refused:
        call(**args)
    return str(refused.value.response["error"])


def test_tokens_are_checked(workspace: Workspace, client: WebClient) -> None:
    assert error_of(WebClient("xoxb-wrong", workspace.api_url).auth_test) == "invalid_auth"
    assert error_of(client.apps_connections_open, app_token=workspace.bot_token) == (
        "not_allowed_token_type"
    )
    other = WebClient(workspace.app_token, workspace.api_url)
    assert error_of(other.chat_postMessage, channel="C", text="x") == "not_allowed_token_type"
    assert client.auth_test()["user_id"] == workspace.bot_user_id
    assert error_of(client.api_call, api_method="chat.invent") == "unknown_method"


def test_scopes_are_checked(workspace: Workspace, general: Channel, client: WebClient) -> None:
    workspace.install(manifest_for("http"))
    with pytest.raises(SlackApiError) as refused:
        client.users_info(user=workspace.bot_user_id)
    answer = refused.value.response
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "users:read"
    assert "chat:write" in answer["provided"].split(",")
    assert answer.headers["x-accepted-oauth-scopes"] == "users:read"
    # Scopes depend on the conversation: channels:history was granted, groups:history was not.
    client.conversations_history(channel=general.id)
    private = workspace.add_channel("private", private=True)
    assert error_of(client.conversations_history, channel=private.id) == "missing_scope"


def test_the_bot_may_write_only_to_its_conversations(
    workspace: Workspace, ada: User, client: WebClient
) -> None:
    workspace.install(manifest_for("http"))
    say = client.chat_postMessage
    elsewhere = workspace.add_channel("elsewhere", bot=False)
    secret = workspace.add_channel("secret", bot=False, private=True)
    assert error_of(say, channel="C0NOWHERE", text="x") == "channel_not_found"
    assert error_of(say, channel=elsewhere.id, text="x") == "not_in_channel"
    assert error_of(say, channel=secret.id, text="x") == "channel_not_found"
    assert say(channel=ada.id, text="psst")["channel"] == workspace.dm(ada).id
    manifest = manifest_for("http")
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    workspace.install(manifest)
    assert error_of(say, channel=ada.id, text="psst") == "messages_tab_disabled"


def test_empty_and_overlong_texts_are_refused(general: Channel, client: WebClient) -> None:
    empty = {"channel": general.id, "text": " "}
    assert error_of(client.api_call, api_method="chat.postMessage", json=empty) == "no_text"
    posted = client.chat_postMessage(channel=general.id, text="x" * 50_000)
    assert len(posted["message"]["text"]) == 40_000
    update = client.chat_update
    too_long = error_of(update, channel=general.id, ts=posted["ts"], text="x" * 4001)
    assert too_long == "msg_too_long"
    nothing = {"channel": general.id, "ts": posted["ts"], "text": ""}
    assert error_of(client.api_call, api_method="chat.update", json=nothing) == "no_text"
    bare = {"channel": general.id, "blocks": [section()]}
    warned = client.api_call("chat.postMessage", json=bare)
    assert warned["warning"] == "missing_text_in_message"


def test_an_update_replaces_only_the_given_parts_of_a_message(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    data = {"event_type": "answered", "event_payload": {"id": 1}}
    ts = client.chat_postMessage(channel=general.id, text="a", blocks=BUTTONS, metadata=data)["ts"]
    client.chat_update(channel=general.id, ts=ts, text="only text")
    [message] = workspace.messages(general)
    assert (message.text, message.blocks, message.metadata) == ("only text", [], data)
    typed = workspace.say(ada, general, "mine")
    assert error_of(client.chat_update, channel=general.id, ts=typed.ts, text="x") == (
        "cant_update_message"
    )
    assert error_of(client.chat_update, channel=general.id, ts="1.2", text="x") == (
        "message_not_found"
    )
    assert error_of(client.chat_delete, channel=general.id, ts=typed.ts) == "cant_delete_message"


def test_ephemeral_messages_are_not_stored(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    grace = workspace.add_user("grace")
    post = client.chat_postEphemeral
    ts = post(channel=general.id, user=ada.id, text="only you")["message_ts"]
    assert [m.text for m in workspace.ephemerals(ada, general)] == ["only you"]
    assert workspace.ephemerals(grace, general) == []
    assert workspace.messages(general) == []
    assert error_of(client.chat_update, channel=general.id, ts=ts, text="x") == "message_not_found"
    assert error_of(post, channel=general.id, user=grace.id, text="x") == "user_not_in_channel"
    assert client.conversations_history(channel=general.id)["messages"] == []


def test_threads_are_read_in_pages(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    root = workspace.say(ada, general, "root")
    for number in range(4):
        workspace.say(ada, general, f"reply {number}", root.ts)
    data = {"event_type": "answered", "event_payload": {"to": "x"}}
    client.chat_postMessage(channel=general.id, thread_ts=root.ts, text="answer", metadata=data)
    texts, cursor = [], None
    while cursor != "":
        page = client.conversations_replies(
            channel=general.id, ts=root.ts, limit=2, cursor=cursor, include_all_metadata=True
        )
        texts += [m["text"] for m in page["messages"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
    assert texts == ["root", "reply 0", "reply 1", "reply 2", "reply 3", "answer"]
    assert page["messages"][-1]["metadata"] == data
    without = client.conversations_replies(channel=general.id, ts=root.ts)["messages"]
    assert "metadata" not in without[-1]
    [only] = client.conversations_history(channel=general.id)["messages"]
    assert only["text"] == "root"


def test_a_trigger_id_opens_one_view_before_it_expires(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    def trigger() -> str:
        delivery = workspace.command(ada, general, "/x")
        return str(delivery.payload["trigger_id"])

    first, second = trigger(), trigger()
    client.views_open(trigger_id=first, view=modal())
    assert [v.title for v in workspace.views(ada)] == ["Title"]
    open_view = client.views_open
    assert error_of(open_view, trigger_id=first, view=modal()) == "exchanged_trigger_id"
    workspace.advance(3.5)
    assert error_of(open_view, trigger_id=second, view=modal()) == "expired_trigger_id"
    assert error_of(open_view, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    with pytest.raises(SlackApiError) as refused:
        client.views_open(trigger_id=trigger(), view=modal(title={"type": "plain_text"}))
    assert refused.value.response["error"] == "invalid_arguments"
    [line] = refused.value.response["response_metadata"]["messages"]
    assert line == "[ERROR] Field required: text [json-pointer:/view/title]"


def test_at_most_three_modals_can_be_stacked(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    trigger = workspace.command(ada, general, "/x").payload["trigger_id"]
    client.views_open(trigger_id=trigger, view=modal(actions(button())))

    def press() -> str:
        return str(workspace.click(ada, workspace.views(ada)[-1], "b").payload["trigger_id"])

    for _ in range(2):
        client.views_push(trigger_id=press(), view=modal(actions(button())))
    assert len(workspace.views(ada)) == 3
    full = error_of(client.views_push, trigger_id=press(), view=modal())
    assert full == "push_limit_reached"


def test_views_can_be_updated_by_id_and_hash(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    trigger = workspace.command(ada, general, "/x").payload["trigger_id"]
    view = client.views_open(trigger_id=trigger, view=modal())["view"]
    updated = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("b")))
    assert updated["view"]["hash"] != view["hash"]
    stale = error_of(client.views_update, view_id=view["id"], hash=view["hash"], view=modal())
    assert stale == "hash_conflict"
    assert error_of(client.views_update, view_id="V1", view=modal()) == "not_found"


def test_uploaded_files_appear_with_a_delay(
    workspace: Workspace, ada: User, general: Channel, client: WebClient
) -> None:
    client.files_upload_v2(
        channel=general.id, filename="map.png", content=b"PNG", initial_comment="The map"
    )
    client.chat_postMessage(channel=general.id, text="overtakes it")
    workspace.wait(lambda: len(workspace.messages(general)) == 2)
    assert [m.text for m in workspace.messages(general)] == ["overtakes it", "The map"]
    [file] = workspace.messages(general)[1].files
    assert b"Sign in" in urlopen(file["url_private"], timeout=5).read()
    elsewhere = workspace.add_channel("elsewhere", bot=False)
    refused = error_of(client.files_upload_v2, channel=elsewhere.id, filename="a.txt", content="x")
    assert refused == "not_in_channel"
