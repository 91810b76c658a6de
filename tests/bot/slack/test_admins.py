"""Who is an admin: those named in the settings, and the workspace's own where that is set."""

from __future__ import annotations

import http.client
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.slack import admins
from bot.slack.admins import Admins


class People:
    """Stands in for Slack: answers `users.info` with `user`, or raises."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.asked: list[str] = []

    def users_info(self, *, user: str) -> dict[str, Any]:
        self.asked.append(user)
        if isinstance(self.user, Exception):
            raise self.user
        return {"ok": True, "user": self.user}


def is_admin(user: Any) -> bool:
    return Admins((), People(user)).actor("U1").admin  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "but", ["deleted", "is_bot", "is_stranger", "is_restricted", "is_ultra_restricted"]
)
def test_who_has_left_is_a_guest_or_comes_from_elsewhere_is_none(but: str) -> None:
    assert not is_admin({"is_admin": True, "is_owner": True, but: True})


@pytest.mark.parametrize("user", [{}, None, {"is_admin": False}, {"name": "is_admin"}], ids=repr)
def test_anybody_else_is_none(user: Any) -> None:
    assert not is_admin(user)


@pytest.mark.parametrize(
    "error",
    [
        SlackApiError("x", {"ok": False, "error": "user_not_found"}),  # type: ignore[no-untyped-call]
        SlackApiError("x", {"status": 503, "headers": {}, "body": "no JSON"}),  # type: ignore[no-untyped-call]
        SlackRequestError("x"),
        TimeoutError(),
        http.client.IncompleteRead(b""),
    ],
    ids=lambda error: type(error).__name__,
)
def test_where_slack_does_not_say_nobody_is_and_it_is_asked_again(error: Exception) -> None:
    people = People(error)
    known = Admins((), people)  # type: ignore[arg-type]
    assert not known.actor("U1").admin
    people.user = {"is_admin": True}
    assert known.actor("U1").admin


def test_what_slack_said_holds_for_a_while_for_each_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = People({"is_admin": True})
    known = Admins((), people)  # type: ignore[arg-type]
    assert [known.actor("U1").admin for _ in range(3)] == [True] * 3
    people.user = {}
    assert known.actor("U1").admin
    assert not known.actor("U2").admin
    assert people.asked == ["U1", "U2"]
    monkeypatch.setattr(admins, "TRUSTED", 0)
    assert not known.actor("U1").admin


def test_a_name_is_one_short_line() -> None:
    name = Admins(()).actor("U1", "a\nb\x1b\u202e" + "c" * 100).name
    assert name.startswith("a b")
    assert len(name) <= 40
