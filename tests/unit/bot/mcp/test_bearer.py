"""The role of a token decides what its bearer may read, as `Readers` decides for users."""

from datetime import UTC, datetime

import pytest

from bot.mcp.bearer import bearer_of, is_role
from bot.readers import Readers, parse_readers
from index.storage.db.access_tokens import AccessToken

RULES = "open=public, all=everybody, team=members, legal=S0LEGAL"


@pytest.mark.parametrize(
    ("role", "readable"),
    [
        ("public", "open"),
        ("guest", "open all"),
        ("member", "open all team"),
        ("S0LEGAL", "open all team legal"),
        ("S0OTHER+S0LEGAL", "open all team legal"),
        ("S0OTHER", "open all team"),
        ("admin", "open all team legal"),
        ("unknown", "open"),
    ],
)
def test_a_role_reads_what_a_user_of_that_standing_reads(role: str, readable: str) -> None:
    readers = Readers(parse_readers(RULES))
    user = bearer_of(AccessToken("0123abcd", "x", role, datetime.now(UTC)))
    names = ("open", "all", "team", "legal")
    assert [name for name in names if readers.may_read(name, user)] == readable.split()
    assert user.id == "token:0123abcd"


def test_roles_are_words_or_ids_of_groups() -> None:
    assert all(map(is_role, ("public", "guest", "member", "admin", "S0123ABC", "S01A+S02B")))
    assert not any(map(is_role, ("", "owner", "S1", "S0123ABC+", "member+S0123ABC", "s0123abc")))
