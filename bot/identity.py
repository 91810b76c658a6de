"""Who asks, and whether they may do what only admins may."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who asks: an id that stays the same, and whether they are an admin.

    In Slack the id is the user's, and `name` is what they are called there; in the terminal it is
    always the operator, who is an admin. One that is `automatic` asks by itself, at set times or
    when a file changes.
    """

    id: str
    admin: bool = False
    name: str = ""
    automatic: bool = False

    @property
    def words(self) -> str:
        """The actor for people: `ada (U012ABCDEF)`."""
        return f"{self.name} ({self.id})" if self.name else self.id


OPERATOR = User("operator", admin=True)
UPGRADE = User("upgrade", admin=True, automatic=True)
ANONYMOUS = User("nobody")
