"""The days back from now that an admin's command looks at."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.replies import Problem

DAYS = 30  # looked at when nothing is said
MOST_DAYS = 36_500
_PERIOD = re.compile(r"([1-9][0-9]{0,4})\s*(?:d|days?)?", re.IGNORECASE)


def days_of(text: str, verb: str) -> int | Problem:
    """The days that `30d` (or `30`) stands for; a `Problem` with the right form else."""
    if not text:
        return DAYS
    found = _PERIOD.fullmatch(text.strip().lstrip("0"))
    if found is None or int(found[1]) > MOST_DAYS:
        return Problem(
            code="usage",
            message=f'"{text[:40]}" is no number of days, such as 7d or 90d.',
            hint=f"For example: {verb} 7d",
        )
    return int(found[1])


def now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)
