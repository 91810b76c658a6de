"""Tests of recognizing external users, and of the policy for their requests."""

from types import SimpleNamespace
from typing import Any, get_args

import pytest
from slack_bolt.authorization import AuthorizeResult

from bot.slack.blocks.feedback import HELPFUL, NOT_HELPFUL, VOTE
from bot.slack.middleware.external_users import (
    NOTICES,
    ExternalUserMiddleware,
    ExternalUserPolicy,
    is_external,
)

OURS: set[str | None] = {"T1", "E1"}


def message_event(text: str = "<@U0> what is a hawser?", shared: bool = True, **fields: Any) -> Any:
    """Build a message from an external user."""
    event = {"type": "message", "user": "U9", "channel": "C1", "ts": "1.2", "text": text} | fields
    return {"event": event, "is_ext_shared_channel": shared}


def click_event(action: str, team: str | None = "T2") -> Any:
    user = {"id": "U9", "team_id": team}
    return {"user": user, "channel": {"id": "C1"}, "actions": [{"action_id": action}]}


EDIT: Any = {"subtype": "message_changed", "team": "T1", "message": {"user_team": "T2"}}


@pytest.mark.parametrize(
    ("body", "external"),
    [
        (message_event(team="T1", user_team="T1", source_team="E1"), False),
        (message_event(team="T1", user_team="T2"), True),
        (message_event(team="T1", source_team="T2"), True),
        (message_event(team=""), True),
        (message_event(shared=False, team="T2"), False),
        (message_event(**EDIT), True),
        (click_event("near_1"), True),
        (click_event("near_1", "T1"), False),
        (click_event("near_1", None), False),
        ({"user_id": "U1", "team_id": "T1", "command": "/near"}, False),
        ({"event": None, "user": None}, False),
    ],
)
def test_external_users_are_recognized(body: dict[str, Any], *, external: bool) -> None:
    assert is_external(body, OURS) is external


@pytest.mark.parametrize(
    ("body", "outcomes"),
    [
        (message_event(team="T2"), "notified handled"),
        (message_event("and that?", team="T2"), "silent handled"),
        (message_event("hello", team="T2", channel="D1"), "notified handled"),
        (message_event("<@U0> define Jib = A sail.", team="T2"), "notified notified"),
        (message_event("<@U0> define Jib", team="T2"), "notified handled"),
        *((click_event(action), "notified handled") for action in ("near_1", "menu", "why")),
        *((click_event(action), "notified handled") for action in (VOTE, HELPFUL, NOT_HELPFUL)),
        *(
            (click_event(action), "notified notified")
            for action in ("edit_entry", "near_1x", "share", "import_apply")
        ),
        ({"user": {"id": "U9", "team_id": "T2"}}, "notified notified"),  # a submitted view
        (message_event(team="T1"), "handled handled"),
    ],
)
def test_requests_from_external_users_are_filtered(body: dict[str, Any], outcomes: str) -> None:
    who = AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0")
    for guests, outcome in zip(get_args(ExternalUserPolicy), outcomes.split(), strict=True):
        notified, came = list[tuple[str, str]](), list[bool]()

        def post(person: str, _about: str, text: str, *_: Any, **__: Any) -> None:
            notified.append((person, text))  # noqa: B023

        notices: Any = SimpleNamespace(post=post)
        work: Any = SimpleNamespace(submit=lambda job: job())
        middleware = ExternalUserMiddleware(who, guests, notices, work)
        answer = middleware.screen(body, lambda: came.append(True))  # noqa: B023
        assert (answer is None) is bool(came) is (outcome == "handled")
        assert notified == ([("U9", NOTICES[guests])] if outcome == "notified" else [])
