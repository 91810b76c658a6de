"""Tests of admins: users listed in the settings, and the workspace's admins if enabled."""

from typing import Any

import pytest

from bot.slack import roles
from bot.slack.roles import AdminDirectory

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
