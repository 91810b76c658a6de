"""The tokens with which agents ask over HTTP. Only their digests are stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, or_, select

from index.errors import NearsayError
from index.storage.db.part import LedgerPart, from_row
from index.storage.db.schema import access_tokens

PREFIX = "nearsay_"  # so that people and scanners recognize a token
RANDOM_BYTES = 32
LENGTH = len(PREFIX) + 43  # of a token; 32 bytes in URL-safe Base64


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token for somebody with a `role`, which says what its bearer may read. The token itself is
    not stored."""

    id: str
    name: str
    role: str
    at: datetime


class TokenExists(NearsayError):
    """Raised for a second token of the same name."""

    code = "exists"


class AccessTokens(LedgerPart):
    def create(self, name: str, role: str) -> tuple[AccessToken, str]:
        """Store a new token; return it and its secret text, which cannot be read again. Raises
        `TokenExists`."""
        secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
        token = AccessToken(secrets.token_hex(4), name, role, datetime.now(UTC))
        row = {
            "id": token.id,
            "digest": _digest(secret),
            "name": name,
            "role": role,
            "at": token.at.timestamp(),
        }
        with self._database.writing() as connection:
            self._database.lock_table(connection, access_tokens)
            known = select(access_tokens.c.id).where(access_tokens.c.name == name)
            if connection.execute(known).first():
                raise TokenExists(
                    f'There is a token named "{name}" already.',
                    "Choose another name, or revoke that token first.",
                )
            connection.execute(insert(access_tokens).values(row))
        return token, secret

    def all(self) -> list[AccessToken]:
        """Return the tokens, the oldest first."""
        chosen = select(access_tokens).order_by(access_tokens.c.at, access_tokens.c.id)
        return [_token(row) for row in self._database.rows(chosen)]

    def any(self) -> bool:
        return bool(self._database.value(select(func.count()).select_from(access_tokens)))

    def find(self, secret: str) -> AccessToken | None:
        """Return the token with this secret text, if it has not been revoked."""
        if len(secret) != LENGTH or not secret.startswith(PREFIX):
            return None
        chosen = select(access_tokens).where(access_tokens.c.digest == _digest(secret))
        row = self._database.row(chosen)
        return _token(row) if row else None

    def revoke(self, named: str) -> list[AccessToken]:
        """Delete the token with this name or id; return what was deleted."""
        meant = or_(access_tokens.c.name == named, access_tokens.c.id == named)
        with self._database.writing() as connection:
            rows = connection.execute(select(access_tokens).where(meant)).mappings().all()
            connection.execute(delete(access_tokens).where(meant))
        return [_token(dict(row)) for row in rows]


def _token(row: dict[str, object]) -> AccessToken:
    return from_row(AccessToken, {key: value for key, value in row.items() if key != "digest"})


def _digest(secret: str) -> str:
    """Return the SHA-256 of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
