"""Tokens are stored as digests, found by their secret text, and gone when revoked."""

import pytest
import sqlalchemy as sa

from index.storage.db.access_tokens import LENGTH, PREFIX, TokenExists
from index.storage.db.database import Database
from index.storage.db.ledger import Ledger

pytestmark = pytest.mark.databases("slow")


def test_a_token_is_found_by_its_secret_until_it_is_revoked(ledger: Ledger) -> None:
    tokens = ledger.access_tokens
    assert not tokens.any()
    made, secret = tokens.create("Ada's editor", "member")
    other, _ = tokens.create("build", "S0123ABC")
    assert (tokens.any(), tokens.find(secret), tokens.all()) == (True, made, [made, other])
    assert tokens.revoke("Ada's editor") == [made]
    assert tokens.find(secret) is None
    assert tokens.revoke("Ada's editor") == []
    assert tokens.revoke(other.id) == [other]


def test_the_secret_is_long_random_and_not_stored(ledger: Ledger, database: Database) -> None:
    secrets = [ledger.access_tokens.create(f"token {at}", "guest")[1] for at in range(5)]
    assert {len(secret) for secret in secrets} == {LENGTH}
    assert len(set(secrets)) == 5
    with database.reading() as connection:
        rows = str(connection.execute(sa.text("SELECT * FROM access_tokens")).all())
    assert not [secret for secret in secrets if secret.removeprefix(PREFIX) in rows]


def test_a_name_is_given_once(ledger: Ledger) -> None:
    ledger.access_tokens.create("build", "member")
    with pytest.raises(TokenExists, match='a token named "build" already'):
        ledger.access_tokens.create("build", "guest")


@pytest.mark.parametrize(
    "secret", ["", PREFIX, PREFIX + "x" * 43, "x" * LENGTH, PREFIX + "\ud800" * 43, "é" * 200]
)
def test_another_text_is_no_token(ledger: Ledger, secret: str) -> None:
    ledger.access_tokens.create("build", "member")
    assert ledger.access_tokens.find(secret) is None
