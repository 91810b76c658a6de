"""Who is an admin: those named in the settings, and the workspace's own where that is set."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import roles
from bot.slack.roles import AdminDirectory
from tests.unit.bot.slack import failure

OWNER = {"is_admin": True, "is_owner": True}


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


@pytest.mark.parametrize(
    ("user", "admin"),
    [
        (OWNER, True),
        *((OWNER | {but: True}, False) for but in roles.STRANGERS),
        *((user, False) for user in ({}, None, {"is_admin": False}, {"name": "is_admin"})),
    ],
    ids=repr,
)
def test_an_admin_of_the_workspace_is_one_who_belongs_to_it(user: Any, *, admin: bool) -> None:
    assert AdminDirectory((), People(user)).actor("U1").admin is admin  # type: ignore[arg-type]


def test_what_slack_said_holds_for_a_while_for_each_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = People(failure("user_not_found"))
    known = AdminDirectory((), people)  # type: ignore[arg-type]
    assert not known.actor("U1").admin, "and it is asked again"
    people.user = OWNER
    assert [known.actor("U1").admin for _ in range(3)] == [True] * 3
    people.user = {}
    assert known.actor("U1").admin
    assert not known.actor("U2").admin
    assert people.asked == ["U1", "U1", "U2"]
    monkeypatch.setattr(roles, "TRUSTED", 0)
    assert not known.actor("U1").admin


def test_a_name_is_one_short_line() -> None:
    name = AdminDirectory(()).actor("U1", "a\nb\x1b\u202e" + "c" * 100).name
    assert name.startswith("a b")
    assert len(name) <= 40
