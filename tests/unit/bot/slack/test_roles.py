"""Tests of admins: users listed in the settings, and the workspace's admins if enabled."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.slack import roles
from bot.slack.roles import AdminDirectory

OWNER = {"is_admin": True, "is_owner": True}


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
    client: Any = SimpleNamespace(users_info=lambda **_: {"ok": True, "user": user})
    assert AdminDirectory((), client).actor("U1").admin is admin
