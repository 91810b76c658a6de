"""Tests of admins: users listed in the settings, and the workspace's admins if enabled."""

from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackClientError

from bot.readers import Readers, parse_readers
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
    assert AdminDirectory((), client, workspace_admins=True).actor("U1").admin is admin
    assert not AdminDirectory((), client).actor("U1").admin
    outside = AdminDirectory(("U1",), client, workspace_admins=True).actor("U1", outside=True)
    assert (outside.admin, outside.standing) == (False, "stranger")


def directory(users: dict[str, Any], groups: dict[str, list[str]], rules: str) -> AdminDirectory:
    def lookup(of: dict[str, Any], key: str, name: str) -> dict[str, Any]:
        if key not in of:
            raise SlackClientError("unknown")
        return {name: of[key]}

    client: Any = SimpleNamespace(
        users_info=lambda user: lookup(users, user, "user"),
        usergroups_users_list=lambda usergroup: lookup(groups, usergroup, "users"),
    )
    return AdminDirectory((), client, Readers(parse_readers(rules)))


def test_guests_and_groups_are_asked_of_slack_only_if_a_rule_needs_them() -> None:
    member, guest = {"id": "U1"}, {"id": "U2", "is_ultra_restricted": True}
    stranger = {"id": "U4", "is_stranger": True}
    users = {"U1": member, "U2": guest, "U4": stranger}
    groups = {"S01": ["U1", "U2"], "S02": ["U1"]}
    ruled = directory(users, groups, "a=members, b=S01+S03, c=S02")
    found = {one: ruled.actor(one) for one in ("U1", "U2", "U3", "U4")}
    assert {name: one.standing for name, one in found.items()} == {
        "U1": "member",
        "U2": "guest",
        "U3": "guest",  # Slack says nothing
        "U4": "stranger",
    }
    assert found["U1"].groups == {"S01", "S02"}, "a group that Slack does not list has no members"
    assert found["U2"].groups == frozenset()
    free = directory({}, {}, "a=public")
    assert free.actor("U2").standing == "member", "nobody is asked"
