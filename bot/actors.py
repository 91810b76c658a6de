"""Who asks, and whether they may do what only admins may."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: an id that stays the same, and whether they are an admin.

    In Slack the id is the user's; in the terminal it is always the operator, who is an admin.
    """

    id: str
    admin: bool = False


OPERATOR = Actor("operator", admin=True)
NOBODY = Actor("nobody")
