"""Who pressed what, and where, by the bodies that Slack delivers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Body = Mapping[str, Any]


def id_of(body: Body, what: Literal["user", "channel"]) -> str:
    """The id of who asked or where, which commands and buttons give in different places."""
    given = body.get(what)
    return str((given.get("id") if isinstance(given, dict) else body.get(f"{what}_id")) or "")


def user_name(body: Body) -> str:
    """What the one who asked is called."""
    user = body.get("user")
    if isinstance(user, dict):
        return str(user.get("name") or user.get("username") or "")
    return str(body.get("user_name") or "")


def value_of(body: Body) -> str:
    """The value of the button that was pressed, or the line that was typed; anything else has
    none."""
    for action in body.get("actions") or ():
        return str(action.get("value") or "")
    return ""
