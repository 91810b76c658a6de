"""Tests of admins: users listed in the settings, and the workspace's admins if enabled."""

from typing import Any

import pytest

from bot.slack import roles
from bot.slack.roles import AdminDirectory
from tests.unit.bot.slack import failure

OWNER = {"is_admin": True, "is_owner": True}


class People:
    """A stand-in for Slack: `users.info` returns or raises `user`."""

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
        *((OWNER | {but: True}, False) for but in roles.EXCLUDED_FLAGS),
        *((user, False) for user in ({}, None, {"is_admin": False}, {"name": "is_admin"})),
    ],
    ids=repr,
)
def test_workspace_admin_must_be_a_full_member(user: Any, *, admin: bool) -> None:
    assert AdminDirectory((), People(user)).actor("U1").admin is admin  # type: ignore[arg-type]


def test_users_info_is_cached_per_user(monkeypatch: pytest.MonkeyPatch) -> None:
    people = People(failure("user_not_found"))
    known = AdminDirectory((), people)  # type: ignore[arg-type]
    assert not known.actor("U1").admin, "an error is not cached"
    people.user = OWNER
    assert [known.actor("U1").admin for _ in range(3)] == [True] * 3
    people.user = {}
    assert known.actor("U1").admin
    assert not known.actor("U2").admin
    assert people.asked == ["U1", "U1", "U2"]
    monkeypatch.setattr(roles, "ROLE_CACHE_S", 0)
    assert not known.actor("U1").admin
