"""Who counts as somebody of another workspace, and what may come in from them."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.authorization import AuthorizeResult

from bot.slack.guests import TOLD, Door, Guests, is_external
from bot.slack.work import Work

OURS: set[str | None] = {"T1", "E1"}
BOT = "U0"


def said(
    text: str = "<@U0> what is a hawser?", shared: bool = True, **fields: Any
) -> dict[str, Any]:
    """A message of somebody."""
    event = {"type": "message", "user": "U9", "channel": "C1", "ts": "1.2", "text": text} | fields
    return {"event": event, "is_ext_shared_channel": shared}


def pressed(action: str, team: str | None = "T2") -> dict[str, Any]:
    user = {"id": "U9", "team_id": team}
    return {"user": user, "channel": {"id": "C1"}, "actions": [{"action_id": action}]}


@pytest.mark.parametrize(
    ("body", "external"),
    [
        pytest.param(said(team="T1"), False, id="ours"),
        pytest.param(said(team="T1", user_team="T1", source_team="E1"), False, id="ours thrice"),
        pytest.param(said(user_team="T2"), True, id="another's"),
        pytest.param(said(team="T1", user_team="T2"), True, id="another's in our channel"),
        pytest.param(said(team="T1", source_team="T2"), True, id="sent from another"),
        pytest.param(said(), True, id="nobody knows whose"),
        pytest.param(said(team=""), True, id="empty"),
        pytest.param(said(shared=False), False, id="no shared channel"),
        pytest.param(said(shared=False, team="T2"), False, id="of our organisation"),
        pytest.param(
            {
                "event": {"subtype": "message_changed", "message": {"user_team": "T2"}},
                "is_ext_shared_channel": True,
            },
            True,
            id="an edit",
        ),
        pytest.param(pressed("near_1"), True, id="button"),
        pytest.param(pressed("near_1", "T1"), False, id="our button"),
        pytest.param(pressed("near_1", None), False, id="button without a team"),
        pytest.param({"user_id": "U1", "team_id": "T1", "command": "/near"}, False, id="command"),
        pytest.param({}, False, id="nothing"),
        pytest.param({"event": None, "user": None}, False, id="null"),
    ],
)
def test_whose_something_is(body: dict[str, Any], *, external: bool) -> None:
    assert is_external(body, OURS) is external


class Whispered:
    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def tell(self, person: str, _about: str, text: str, *_: Any, **__: Any) -> None:
        self.told.append((person, text))


def let_in(guests: Guests, body: dict[str, Any]) -> tuple[bool, list[tuple[str, str]]]:
    """Whether something comes in, and who is told what."""
    whispers, work, came = Whispered(), Work(1), list[bool]()
    who = AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id=BOT)
    door = Door(who, guests, whispers, work)  # type: ignore[arg-type]
    answer = door.screen(body, lambda: came.append(True))
    work.submit(lambda: None, "last")
    while work._running:
        pass
    work.drain(5)
    assert (answer is None) is bool(came)
    return bool(came), whispers.told


@pytest.mark.parametrize(
    ("body", "denied", "asking"),
    [
        pytest.param(said(team="T2"), "told", "in", id="a mention"),
        pytest.param(said("and that?", team="T2"), "silent", "in", id="what people say"),
        pytest.param(said("hello", team="T2", channel="D1"), "told", "in", id="direct message"),
        pytest.param(
            said("<@U0> define Zeppelin = An airship.", team="T2"), "told", "told", id="suggesting"
        ),
        pytest.param(said("<@U0> define Zeppelin", team="T2"), "told", "in", id="a definition"),
        pytest.param(pressed("near_1"), "told", "in", id="asks on"),
        pytest.param(pressed("ask_0"), "told", "in", id="a follow-up"),
        pytest.param(pressed("open_entry"), "told", "in", id="opens"),
        pytest.param(pressed("helpful"), "told", "in", id="votes"),
        pytest.param(pressed("suggest_definition"), "told", "told", id="presses Suggest"),
        pytest.param(pressed("edit_entry"), "told", "told", id="presses Edit"),
        pytest.param(pressed("roll_back"), "told", "told", id="presses Roll back"),
        pytest.param(pressed("near_1x"), "told", "told", id="presses anything else"),
        pytest.param(
            {"type": "view_submission", "user": {"id": "U9", "team_id": "T2"}},
            "told",
            "told",
            id="submits",
        ),
        pytest.param(said(team="T1"), "in", "in", id="one of us"),
    ],
)
def test_what_may_come_in(body: dict[str, Any], denied: str, asking: str) -> None:
    outcomes: dict[Guests, str] = {"deny": denied, "ask": asking}
    for guests, outcome in outcomes.items():
        came, told = let_in(guests, body)
        assert came is (outcome == "in")
        assert told == ([("U9", TOLD[guests])] if outcome == "told" else [])
