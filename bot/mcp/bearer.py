"""Who the bearer of a token is, and what its role lets it do.

A role is `public` (what anyone may read), `guest`, `member`, `admin` (everything), or the ids of
Slack user groups, whose members are members of the workspace. `bot.readers` decides for it as for a
user who asks alone. Members and admins may suggest entries.
"""

import re

from bot.identity import User
from index.storage.db.access_tokens import AccessToken

ROLES = ("public", "guest", "member", "admin")
LONGEST_NAME = 100  # characters of a token's name
_GROUPS = re.compile(r"S[A-Z0-9]{2,20}(\+S[A-Z0-9]{2,20}){0,19}")


def is_role(role: str) -> bool:
    """Return whether a text is a role."""
    return role in ROLES or bool(_GROUPS.fullmatch(role))


def bearer_of(token: AccessToken) -> User:
    """Return the user that a token stands for. An unknown role reads what anyone may read."""
    user_id, name = f"token:{token.id}", token.name
    match token.role:
        case "admin":
            return User(user_id, admin=True, name=name, standing="member")
        case "guest" | "member":
            return User(user_id, name=name, standing=token.role)
        case role if _GROUPS.fullmatch(role):
            groups = frozenset(role.split("+"))
            return User(user_id, name=name, standing="member", groups=groups)
        case _:
            return User(user_id, name=name, standing="stranger")


def may_suggest(user: User) -> bool:
    """Return whether the agent of a user may suggest entries."""
    return user.admin or user.standing == "member"
