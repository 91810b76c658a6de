"""The whole way in both modes: a person does something, the app answers, the person sees it."""

from __future__ import annotations

import pytest

from tests.test_workspace.sample_app import BUTTONS, HttpApp, SocketApp
from tests.workspace import ImpossibleError

App = HttpApp | SocketApp


def test_a_command_is_acknowledged_and_answered(app: App) -> None:
    workspace = app.workspace
    delivery = workspace.command(app.ada, app.general, "/near", "T&M <b> @sample")
    assert delivery.ok
    assert delivery.status == 200
    assert 0 < delivery.seconds < 1
    [answer] = workspace.wait(lambda: workspace.ephemerals(app.ada, app.general))
    assert answer.text == "near T&amp;M &lt;b&gt; @sample"
    assert answer.buttons == ["More", "Ask"]
    assert workspace.messages(app.general) == []


def test_a_command_carries_every_field(app: App) -> None:
    workspace = app.workspace
    workspace.command(app.ada, workspace.dm(app.ada), "/near", "x")
    body = workspace.wait(lambda: app.seen)[0][1]
    assert body["command"] == "/near"
    assert body["channel_name"] == "directmessage"
    assert body["user_name"] == app.ada.name
    assert body["is_enterprise_install"] == "false"
    assert body["api_app_id"] == workspace.identity.app_id
    for name in ("token", "team_id", "team_domain", "channel_id", "user_id", "trigger_id"):
        assert body[name]
    assert body["response_url"].startswith(workspace.base_url)


def test_an_unknown_command_never_reaches_the_app(app: App) -> None:
    delivery = app.workspace.command(app.ada, app.general, "/nowhere")
    assert delivery.error == "invalid_command"
    assert delivery.attempts == []
    [notice] = app.workspace.notices(app.ada)
    assert notice.text == "/nowhere is not a valid command."


def test_a_command_that_is_acknowledged_too_late_fails_once(app: App) -> None:
    workspace = app.workspace
    delivery = workspace.command(app.ada, app.general, "/slow")
    assert delivery.error == "operation_timeout"
    assert len(delivery.attempts) == 1
    assert '"operation_timeout"' in workspace.notices(app.ada)[0].text
    if workspace.mode == "socket":
        [late] = workspace.wait(lambda: [a for a in workspace.acks("/slow") if a.late])
        assert late.seconds > 1
    assert workspace.ephemerals(app.ada, app.general) == []


def test_an_acknowledgement_can_speak_to_the_channel(app: App) -> None:
    assert app.workspace.command(app.ada, app.general, "/loud").ok
    assert [m.text for m in app.workspace.messages(app.general)] == ["for all"]


def test_an_acknowledgement_with_invalid_blocks_is_refused(app: App) -> None:
    delivery = app.workspace.command(app.ada, app.general, "/broken")
    assert delivery.error == "invalid_blocks"
    assert "/blocks/0/text/type" in delivery.messages[0]


def test_a_mention_is_two_events_with_one_ts(app: App) -> None:
    workspace = app.workspace
    message = workspace.say(app.ada, app.general, "hey @sample, a & b <c>")
    [reply] = workspace.wait(lambda: workspace.replies(message))
    assert reply.text == f"answer to hey {workspace.mention}, a &amp; b &lt;c&gt;"
    workspace.settle()
    [mention] = workspace.deliveries("app_mention")
    [plain, own] = workspace.deliveries("message")
    assert mention.ok
    assert plain.ok
    assert mention.event["ts"] == plain.event["ts"] == message.ts
    assert mention.id != plain.id
    assert "channel_type" not in mention.event
    assert plain.event["channel_type"] == "channel"
    assert own.event["bot_id"] == workspace.identity.bot_id


def test_a_direct_message_is_one_event(app: App) -> None:
    workspace = app.workspace
    workspace.say(app.ada, workspace.dm(app.ada), f"{workspace.mention} hello")
    workspace.settle()
    assert [d.name for d in workspace.deliveries()] == ["message"]
    assert workspace.deliveries()[0].event["channel_type"] == "im"


def test_a_click_carries_the_message_and_replaces_it(app: App) -> None:
    workspace = app.workspace
    message = app.client.chat_postMessage(channel=app.general.id, text="hi", blocks=BUTTONS)
    [shown] = workspace.messages(app.general)
    assert shown.ts == message["ts"]
    assert workspace.click(app.ada, shown, "More").ok
    workspace.wait(lambda: workspace.messages(app.general)[0].text == "page 2")
    body = dict(app.seen)["more"]
    assert body["container"] == {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": app.general.id,
        "is_ephemeral": False,
    }
    assert body["message"]["ts"] == shown.ts
    [action] = body["actions"]
    assert action["value"] == "page-2"
    assert action["block_id"] == "more"
    assert action["action_ts"]
    assert workspace.messages(app.general)[0].edited


def test_a_click_on_an_ephemeral_message_does_not_carry_it(app: App) -> None:
    workspace = app.workspace
    workspace.command(app.ada, app.general, "/near", "x")
    [answer] = workspace.wait(lambda: workspace.ephemerals(app.ada, app.general))
    workspace.click(app.ada, answer, "more")
    workspace.wait(lambda: workspace.ephemerals(app.ada, app.general)[0].text == "page 2")
    body = dict(app.seen)["more"]
    assert body["container"]["is_ephemeral"]
    assert "message" not in body


def test_a_modal_goes_through_its_steps(app: App) -> None:
    workspace = app.workspace
    workspace.shortcut(app.ada, "ask")
    [view] = workspace.wait(lambda: workspace.views(app.ada))
    with pytest.raises(ImpossibleError, match="'Your question' must be filled in"):
        workspace.submit(app.ada, view)
    assert workspace.submit(app.ada, view, {"text": {"typed": "wrong"}}).ok
    assert workspace.views(app.ada)[0].errors == {"text": "not that"}
    workspace.submit(app.ada, view, {"text": "again"})
    assert [v.title for v in workspace.views(app.ada)] == ["Again"]
    workspace.submit(app.ada, view, {"text": "deeper"})
    assert [v.title for v in workspace.views(app.ada)] == ["Again", "Deeper"]
    top = workspace.views(app.ada)[-1]
    assert top.previous_view_id == view.id
    assert top.root_view_id == view.id
    workspace.submit(app.ada, top, {"text": "fine"})
    assert [v.title for v in workspace.views(app.ada)] == ["Again"]
    delivery = workspace.submit(app.ada, view, {"text": "no view"})
    assert delivery.error == "invalid_view"
    assert "missing required field: title" in delivery.messages[0]
    workspace.submit(app.ada, view, {"text": "clear"})
    assert workspace.views(app.ada) == []


def test_closing_a_modal_tells_the_app(app: App) -> None:
    workspace = app.workspace
    workspace.shortcut(app.ada, "ask")
    [view] = workspace.wait(lambda: workspace.views(app.ada))
    workspace.fill(app.ada, view, {"text": "half a thought"})
    delivery = workspace.close(app.ada, view)
    assert delivery is not None
    assert delivery.ok
    assert dict(app.seen)["closed"]["is_cleared"] is False
    assert dict(app.seen)["closed"]["view"]["state"] == {"values": {}}
    with pytest.raises(ImpossibleError):
        workspace.submit(app.ada, view, {"text": "x"})


def test_an_input_can_tell_of_what_is_typed(app: App) -> None:
    workspace = app.workspace
    workspace.shortcut(app.ada, "ask")
    [view] = workspace.wait(lambda: workspace.views(app.ada))
    workspace.fill(app.ada, view, {"told": "h"})
    workspace.fill(app.ada, view, {"told": "h"})
    [typed] = [body for name, body in app.seen if name == "told"]
    assert typed["actions"][0]["value"] == "h"
    assert typed["view"]["state"]["values"]["told"]["told"]["value"] == "h"


def test_options_are_suggested(app: App) -> None:
    workspace = app.workspace
    workspace.shortcut(app.ada, "ask")
    [view] = workspace.wait(lambda: workspace.views(app.ada))
    delivery = workspace.suggest(app.ada, view, "source", "wi")
    assert delivery.ok
    [option] = delivery.body["options"]
    assert option["text"]["text"] == "wi…"
    workspace.submit(app.ada, view, {"text": "x", "from": option})
    chosen = dict(app.seen)["question"]["view"]["state"]["values"]["from"]["source"]
    assert chosen["selected_option"]["value"] == "s1"


def test_a_message_shortcut_answers_privately(app: App) -> None:
    workspace = app.workspace
    message = workspace.say(app.ada, app.general, "attention")
    assert workspace.shortcut(app.ada, "look_up", message).ok
    [answer] = workspace.wait(lambda: workspace.ephemerals(app.ada, app.general))
    assert answer.text == "about attention"
    with pytest.raises(ImpossibleError, match="no message shortcuts"):
        workspace.shortcut(app.ada, "look_up", answer)


def test_the_home_tab_is_published_when_it_is_opened(app: App) -> None:
    workspace = app.workspace
    workspace.open_home(app.ada)
    home = workspace.wait(lambda: workspace.home(app.ada))
    assert "*Near* it" in home.everything
    assert workspace.click(app.ada, home, "More").ok
    body = dict(app.seen)["more"]
    assert body["container"] == {"type": "view", "view_id": home.id}
    assert "response_url" not in body
