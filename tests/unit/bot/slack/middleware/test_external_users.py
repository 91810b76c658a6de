"""Recognizing external users, and which of their events are handled."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from slack_bolt.authorization import AuthorizeResult

from bot.slack.middleware.external_users import TOLD, ExternalUserMiddleware, Guests, is_external
from bot.slack.queue.worker_pool import WorkerPool

OURS: set[str | None] = {"T1", "E1"}


def message_event(text: str = "<@U0> what is a hawser?", shared: bool = True, **fields: Any) -> Any:
    """A message of an external user, in a shared channel by default."""
    event = {"type": "message", "user": "U9", "channel": "C1", "ts": "1.2", "text": text} | fields
    return {"event": event, "is_ext_shared_channel": shared}


def click_event(action: str, team: str | None = "T2") -> Any:
    user = {"id": "U9", "team_id": team}
    return {"user": user, "channel": {"id": "C1"}, "actions": [{"action_id": action}]}


@pytest.mark.parametrize(
    ("body", "external"),
    [
        pytest.param(message_event(team="T1"), False, id="ours"),
        pytest.param(
            message_event(team="T1", user_team="T1", source_team="E1"), False, id="ours thrice"
        ),
        pytest.param(message_event(team="T1", user_team="T2"), True, id="another's in our channel"),
        pytest.param(message_event(team="T1", source_team="T2"), True, id="sent from another"),
        pytest.param(message_event(team=""), True, id="nobody knows whose"),
        pytest.param(message_event(shared=False, team="T2"), False, id="of our organisation"),
        pytest.param(
            message_event(subtype="message_changed", team="T1", message={"user_team": "T2"}),
            True,
            id="an edit",
        ),
        pytest.param(click_event("near_1"), True, id="button"),
        pytest.param(click_event("near_1", "T1"), False, id="our button"),
        pytest.param(click_event("near_1", None), False, id="button without a team"),
        pytest.param({"user_id": "U1", "team_id": "T1", "command": "/near"}, False, id="command"),
        pytest.param({"event": None, "user": None}, False, id="null"),
    ],
)
def test_external_users_are_recognized(body: dict[str, Any], *, external: bool) -> None:
    assert is_external(body, OURS) is external


class Inline(WorkerPool):
    """A pool that runs jobs at once."""

    def submit(self, job: Any, lane: str = "") -> None:
        job()


@pytest.mark.parametrize(
    ("body", "outcomes"),
    [
        pytest.param(message_event(team="T2"), "notified handled", id="a mention"),
        pytest.param(message_event("and that?", team="T2"), "silent handled", id="what people say"),
        pytest.param(
            message_event("hello", team="T2", channel="D1"), "notified handled", id="direct message"
        ),
        pytest.param(
            message_event("<@U0> define Jib = A sail.", team="T2"),
            "notified notified",
            id="suggesting",
        ),
        pytest.param(
            message_event("<@U0> define Jib", team="T2"), "notified handled", id="a definition"
        ),
        *(
            pytest.param(click_event(a), "notified handled", id=a)
            for a in ("near_1", "ask_0", "helpful")
        ),
        *(
            pytest.param(click_event(a), "notified notified", id=a)
            for a in ("edit_entry", "near_1x")
        ),
        pytest.param({"user": {"id": "U9", "team_id": "T2"}}, "notified notified", id="submits"),
        pytest.param(message_event(team="T1"), "handled handled", id="one of us"),
    ],
)
def test_external_events_are_handled_or_dropped(body: dict[str, Any], outcomes: str) -> None:
    who = AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0")
    for guests, outcome in zip(get_args(Guests), outcomes.split(), strict=True):
        notified, came = list[tuple[str, str]](), list[bool]()

        class Notices:
            def tell(self, person: str, _about: str, text: str, *_: Any, **__: Any) -> None:
                notified.append((person, text))  # noqa: B023

        work = Inline(1)
        middleware = ExternalUserMiddleware(who, guests, Notices(), work)  # type: ignore[arg-type]
        answer = middleware.screen(body, lambda: came.append(True))  # noqa: B023
        work.drain(1)
        assert (answer is None) is bool(came) is (outcome == "handled")
        assert notified == ([("U9", TOLD[guests])] if outcome == "notified" else [])
