"""Buttons carry requests as JSON; those of earlier versions carry command lines."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.commands.spec import Request
from bot.replies.base import Problem
from bot.slack.blocks.elements import MENU, request_value
from bot.slack.listeners.actions import TOO_OLD, ActionListeners
from bot.slack.listeners.views import ViewListeners
from bot.slack.queue.delivery import Delivery


class Pressed:
    """The action listeners, with stand-ins that record what they do."""

    def __init__(self) -> None:
        self.delivery: Delivery | None = None
        self.shown: Request | Problem | None = None
        self.opened = False
        views: Any = self
        intake: Any = self
        self.listeners = ActionListeners(intake, views, "dev-")

    def take(self, _ack: object, delivery: Delivery) -> None:
        self.delivery = delivery

    def fill(self, _ack: object, _body: object, request: Request | Problem) -> None:
        self.shown = request

    def open_entry(self, _ack: object, _body: object) -> None:
        self.opened = True


def press(listener: str, value: str, **body: Any) -> Pressed:
    """Call the listener of a button, or of the menu."""
    pressed, ack = Pressed(), object()
    chosen = {"selected_option": {"value": value}} if listener == "choose_from_menu" else {}
    body |= {"actions": [{"action_id": MENU, "value": None if chosen else value} | chosen]}
    getattr(pressed.listeners, listener)(ack, body)
    return pressed


REQUESTS = (
    Request("near", "rope"),
    Request("near", "we moor with a rope n=500", {"n": 10}),
    Request("near", 'a "thick" rope — “soft”\n& <b>', {"in": 'the "box"', "why": "yes"}),
    Request("near-admin", "g000001", {"from": "g000002"}, "rollback"),
    Request("latent", "", {"to": "me"}, "map"),
)


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("listener", ["take", "choose_from_menu", "run_in_place", "share"])
def test_pressed_button_delivers_its_request(listener: str, request_: Request) -> None:
    pressed = press(listener, request_value(request_))
    assert pressed.delivery is not None
    assert pressed.delivery.request == request_
    assert not pressed.opened


@pytest.mark.parametrize("listener", ["take", "choose_from_menu", "run_in_place", "decide_import"])
def test_button_of_an_earlier_version_delivers_the_request_of_its_line(listener: str) -> None:
    pressed = press(listener, "/dev-near a rope n=10")
    assert pressed.delivery is not None
    assert pressed.delivery.request == Request("near", "a rope", {"n": 10})


@pytest.mark.parametrize(
    "value",
    [
        *("", "x", "null", "[]", "{", "{}", '{"command":"near"}', '"/near rope"'),
        '{"command":"reboot","text":"x"}',
        '{"command":"near","text":5}',
        '{"command":"near","text":"x","options":["n"]}',
        '{"command":"near","text":"x","options":{"n":"ten"}}',
        '{"command":"near","text":"x","options":{"in":5}}',
        '{"command":"near","text":"x","options":{"unknown":"x"}}',
        '{"command":"near-admin","text":"x","verb":"reboot"}',
        '{"command":"near-admin","text":""}',
        '{"command":"near","text":"\\ud800"}',
    ],
)
def test_button_without_a_valid_request_is_too_old(value: str) -> None:
    for listener in ("take", "run_in_place", "share", "decide_import"):
        pressed = press(listener, value)
        assert pressed.delivery is not None
        assert pressed.delivery.request == TOO_OLD
    assert press("run_in_place", value, view={"type": "modal"}).shown == TOO_OLD


def test_request_without_its_text_gets_a_hint() -> None:
    pressed = press("take", '{"command":"near","text":""}')
    assert pressed.delivery is not None
    assert isinstance(pressed.delivery.request, Problem)
    assert "/dev-near needs a text" in pressed.delivery.request.message


def test_button_in_a_modal_fills_the_modal() -> None:
    request = Request("near-admin", "g000001", {"from": "g000002"}, "rollback")
    pressed = press("run_in_place", request_value(request), view={"type": "modal"})
    assert (pressed.shown, pressed.delivery) == (request, None)


def test_menu_opens_an_entry() -> None:
    pressed = press("choose_from_menu", "hawser")
    assert (pressed.opened, pressed.delivery) == (True, None)


@pytest.mark.parametrize(
    ("value", "options"), [("help", {}), ("hawser from=Deck terms", {"from": "Deck terms"})]
)
def test_open_button_defines_the_entry_of_its_id(value: str, options: dict[str, str]) -> None:
    shown: list[Request | Problem] = []
    modals: Any = SimpleNamespace(show_reply=lambda _body, request, _page: shown.append(request))
    unused: Any = None
    ack: Any = print
    views = ViewListeners(unused, modals, unused, unused, "dev-")
    views.open_entry(ack, {"actions": [{"value": value}]})
    assert shown == [Request("define", value.partition(" ")[0], options)]
