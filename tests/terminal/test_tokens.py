"""Create, list and revoke tokens at the terminal."""

import re

from tests.support.command_line import Nearsay


def test_a_token_is_printed_once_listed_and_revoked(nearsay: Nearsay) -> None:
    made = nearsay("token", "create", "--name", "Ada's  editor", "--role", "member")
    assert (made.status, bool(re.fullmatch(r"nearsay_[\w-]{43}\n", made.out))) == (0, True)
    listed = nearsay("token", "list").out
    assert re.fullmatch(r"[0-9a-f]{8}  member    \d{4}-\d\d-\d\d  Ada's editor\n", listed)
    assert made.out.strip() not in listed
    again = nearsay("token", "create", "--name", "Ada's editor", "--role", "guest")
    assert again.status == 1
    assert "There is a token named" in again.complaint
    assert nearsay("token", "revoke", "Ada's editor").out == "Revoked: Ada's editor\n"
    assert nearsay("token", "list").out == ""
    gone = nearsay("token", "revoke", "Ada's editor")
    assert gone.status == 1
    assert "There is no token" in gone.complaint
    log = nearsay("admin", "log").output
    assert "token create" in log
    assert "token revoke" in log


def test_a_wrong_role_or_name_is_refused(nearsay: Nearsay) -> None:
    wrong = nearsay("token", "create", "--name", "x", "--role", "owner")
    assert wrong.status == 1
    assert "--role must be public, guest, member, admin" in wrong.complaint
    assert nearsay("token", "create", "--name", " ", "--role", "guest").status == 1
    assert nearsay("token", "create", "--name", "x").status == 2


def test_agents_are_not_served_over_http_if_nobody_could_ask(nearsay: Nearsay) -> None:
    refused = nearsay("mcp", "--http")
    assert refused.status == 1
    assert "nearsay token create" in refused.complaint
