"""Interactions that Slack refuses, and payloads from which it leaves something out."""

import pytest
from slack_sdk import WebClient

from tests.fake_slack import ImpossibleError
from tests.unit.fake_slack.receiver import BUTTONS, MODAL, Receiver, manifest_for


def test_an_unknown_command_is_not_sent_to_the_app(app: Receiver) -> None:
    app.workspace.install(manifest_for("http"))
    delivery = app.workspace.command(app.ada, app.general, "/nowhere")
    assert delivery.error == "invalid_command"
    assert app.raw == []
    [notice] = app.workspace.notices(app.ada)
    assert notice.text == "/nowhere is not a valid command."


def test_an_acknowledgement_with_invalid_blocks_is_refused(app: Receiver) -> None:
    app.answer = {"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "no"}}]}
    delivery = app.workspace.command(app.ada, app.general, "/near")
    assert delivery.error == "invalid_blocks"
    assert "/blocks/0/text/type" in delivery.messages[0]


def test_ephemeral_messages_are_not_in_payloads_and_have_no_shortcuts(
    app: Receiver, client: WebClient
) -> None:
    workspace, general = app.workspace, app.general
    client.chat_postEphemeral(channel=general.id, user=app.ada.id, text="hi", blocks=BUTTONS)
    [shown] = workspace.ephemerals(app.ada, general)
    assert workspace.click(app.ada, shown, "More").ok
    body = app.payloads[-1]
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    with pytest.raises(ImpossibleError, match="no message shortcuts"):
        workspace.shortcut(app.ada, "look_up", shown)


def test_a_modal_is_submitted_only_when_filled_in_and_updated_only_to_a_valid_view(
    app: Receiver, client: WebClient
) -> None:
    workspace = app.workspace
    trigger = workspace.shortcut(app.ada, "ask").payload["trigger_id"]
    client.views_open(trigger_id=trigger, view=MODAL)
    [view] = workspace.views(app.ada)
    with pytest.raises(ImpossibleError, match="'Your question' must be filled in"):
        workspace.submit(app.ada, view)
    app.answer = {"response_action": "update", "view": {"type": "modal"}}
    delivery = workspace.submit(app.ada, view, {"text": "no view"})
    assert delivery.error == "invalid_view"
    assert "Field required: title" in delivery.messages[0]
    app.answer = {"response_action": "clear"}
    assert workspace.submit(app.ada, view, {"text": "x"}).ok
    with pytest.raises(ImpossibleError):
        workspace.submit(app.ada, view, {"text": "x"})


def test_a_click_on_the_home_tab_has_no_response_url(app: Receiver, client: WebClient) -> None:
    app.workspace.open_home(app.ada)
    client.views_publish(user_id=app.ada.id, view={"type": "home", "blocks": BUTTONS})
    home = app.workspace.home(app.ada)
    assert home is not None
    assert app.workspace.click(app.ada, home, "More").ok
    # The event of the opened tab may arrive later than the click.
    [body] = [one for one in app.payloads if one["type"] == "block_actions"]
    assert body["container"] == {"type": "view", "view_id": home.id}
    assert "response_url" not in body
