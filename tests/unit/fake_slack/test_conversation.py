"""Tests of user interactions, their payloads, and the effects of acknowledgements."""

from typing import Any

import pytest
from slack_sdk import WebClient

from tests.fake_slack import ImpossibleError, View
from tests.unit.fake_slack.receiver import BUTTONS, MODAL, Receiver, manifest_for


def open_modal(app: Receiver, client: WebClient) -> View:
    """Let the app open a modal for ada."""
    trigger = app.workspace.shortcut(app.ada, "ask").payload["trigger_id"]
    client.views_open(trigger_id=trigger, view=MODAL)
    return app.workspace.views(app.ada)[0]


def test_a_command_payload_contains_every_field(app: Receiver) -> None:
    workspace = app.workspace
    delivery = workspace.command(app.ada, workspace.dm(app.ada), "/near", "T&M <b> @sample")
    assert delivery.ok
    assert 0 < delivery.seconds < 0.5
    [body] = app.payloads
    assert body["command"] == "/near"
    assert body["text"] == "T&amp;M &lt;b&gt; @sample"
    assert body["channel_name"] == "directmessage"
    assert body["user_name"] == app.ada.name
    assert body["is_enterprise_install"] == "false"
    assert body["api_app_id"] == workspace.identity.app_id
    for name in ("token", "team_id", "team_domain", "channel_id", "user_id", "trigger_id"):
        assert body[name]
    assert body["response_url"].startswith(workspace.base_url)


def test_an_unknown_command_is_not_sent_to_the_app(app: Receiver) -> None:
    app.workspace.install(manifest_for("http"))
    delivery = app.workspace.command(app.ada, app.general, "/nowhere")
    assert delivery.error == "invalid_command"
    assert app.raw == []
    [notice] = app.workspace.notices(app.ada)
    assert notice.text == "/nowhere is not a valid command."


def test_a_valid_acknowledgement_posts_to_one_user_or_the_channel(app: Receiver) -> None:
    workspace = app.workspace
    app.answer = {"text": "for you"}
    assert workspace.command(app.ada, app.general, "/near").ok
    app.answer = {"text": "for all", "response_type": "in_channel"}
    assert workspace.command(app.ada, app.general, "/loud").ok
    assert [m.text for m in workspace.ephemerals(app.ada, app.general)] == ["for you"]
    assert [m.text for m in workspace.messages(app.general)] == ["for all"]
    app.answer = {"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "no"}}]}
    delivery = workspace.command(app.ada, app.general, "/near")
    assert delivery.error == "invalid_blocks"
    assert "/blocks/0/text/type" in delivery.messages[0]


@pytest.mark.parametrize("ephemeral", [False, True])
def test_a_click_payload_contains_its_message_unless_it_is_ephemeral(
    app: Receiver, client: WebClient, *, ephemeral: bool
) -> None:
    workspace, general = app.workspace, app.general
    if ephemeral:
        client.chat_postEphemeral(channel=general.id, user=app.ada.id, text="hi", blocks=BUTTONS)
        [shown] = workspace.ephemerals(app.ada, general)
    else:
        client.chat_postMessage(channel=general.id, text="hi", blocks=BUTTONS)
        [shown] = workspace.messages(general)
    workspace.settle()
    assert workspace.click(app.ada, shown, "More").ok
    body = app.payloads[-1]
    assert body["container"] == {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": general.id,
        "is_ephemeral": ephemeral,
    }
    assert ("message" in body) is not ephemeral
    [action] = body["actions"]
    assert (action["value"], action["block_id"]) == ("page-2", "more")
    assert action["action_ts"]


def test_a_modal_can_be_updated_pushed_popped_and_cleared(app: Receiver, client: WebClient) -> None:
    workspace = app.workspace
    view = open_modal(app, client)

    def submitted(answer: dict[str, Any] | None, which: View = view) -> list[str]:
        app.answer = answer
        assert workspace.submit(app.ada, which, {"text": "x"}).ok
        return [found.title for found in workspace.views(app.ada)]

    def titled(title: str) -> dict[str, Any]:
        return MODAL | {"title": {"type": "plain_text", "text": title}}

    with pytest.raises(ImpossibleError, match="'Your question' must be filled in"):
        workspace.submit(app.ada, view)
    submitted({"response_action": "errors", "errors": {"text": "not that"}})
    assert workspace.views(app.ada)[0].errors == {"text": "not that"}
    assert submitted({"response_action": "update", "view": titled("Again")}) == ["Again"]
    push = {"response_action": "push", "view": titled("Deeper")}
    assert submitted(push) == ["Again", "Deeper"]
    top = workspace.views(app.ada)[-1]
    assert (top.previous_view_id, top.root_view_id) == (view.id, view.id)
    assert submitted(None, top) == ["Again"]
    app.answer = {"response_action": "update", "view": {"type": "modal"}}
    delivery = workspace.submit(app.ada, view, {"text": "no view"})
    assert delivery.error == "invalid_view"
    assert "Field required: title" in delivery.messages[0]
    assert submitted({"response_action": "clear"}) == []


def test_typing_in_a_form_notifies_the_app(app: Receiver, client: WebClient) -> None:
    workspace = app.workspace
    view = open_modal(app, client)
    for _ in range(2):
        workspace.fill(app.ada, view, {"told": "h"})
    [typed] = [body for body in app.payloads if body["type"] == "block_actions"]
    assert typed["actions"][0]["value"] == "h"
    assert typed["view"]["state"]["values"]["told"]["told"]["value"] == "h"
    workspace.close(app.ada, view)
    with pytest.raises(ImpossibleError):
        workspace.submit(app.ada, view, {"text": "x"})


def test_ephemeral_messages_do_not_support_shortcuts(app: Receiver, client: WebClient) -> None:
    workspace = app.workspace
    message = workspace.say(app.ada, app.general, "attention")
    delivery = workspace.shortcut(app.ada, "look_up", message)
    assert delivery.payload["message"]["text"] == "attention"
    client.chat_postEphemeral(channel=app.general.id, user=app.ada.id, text="psst")
    [shown] = workspace.ephemerals(app.ada, app.general)
    with pytest.raises(ImpossibleError, match="no message shortcuts"):
        workspace.shortcut(app.ada, "look_up", shown)
