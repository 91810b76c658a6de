"""When what could not be sent is tried again."""

from __future__ import annotations

import logging
import random
import time

from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import FRESH
from bot.slack.queue.worker_pool import Job, RetryLater

logger = logging.getLogger(__name__)

LONGEST = 30.0  # seconds between two attempts


def backoff(attempt: int) -> float:
    """The seconds after the failure of that number, from 1: longer each time."""
    return min(LONGEST, 2.0 ** min(attempt - 1, 10))


def retry_later(
    delivery: Delivery, attempt: int, job: Job, asked: float = 0.0
) -> RetryLater | None:
    """The next attempt at answering a delivery, in the seconds `asked` by Slack or else later each
    time, and never all at once; None when an answer would be of no use by then."""
    wait = (asked or backoff(attempt)) * random.uniform(1.0, 1.1)  # noqa: S311
    if time.time() + wait - delivery.received > FRESH:
        logger.error("a question could not be answered in time, and is given up")
        return None
    return RetryLater(wait, job)
