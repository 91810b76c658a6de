"""When what could not be sent is tried again."""

from __future__ import annotations

import logging
import time

from bot.slack.inbox import FRESH, Delivery
from bot.slack.work import Job, Later

logger = logging.getLogger(__name__)

LONGEST = 30.0  # seconds between two attempts


def pause(attempt: int) -> float:
    """The seconds after the failure of that number, from 1: longer each time."""
    return min(LONGEST, 2.0 ** min(attempt - 1, 10))


def again(delivery: Delivery, attempt: int, job: Job, asked: float = 0.0) -> Later | None:
    """The next attempt at answering a delivery, no sooner than the seconds `asked` by Slack; None
    when it has been tried for so long that an answer would be of no use."""
    if time.time() - delivery.received > FRESH:
        logger.error("a question could not be answered in time, and is given up")
        return None
    return Later(max(pause(attempt), asked), job)
