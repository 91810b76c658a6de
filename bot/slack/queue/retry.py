"""Retries of replies that could not be sent."""

import logging
import random
import time

from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import MAX_AGE_S
from bot.slack.queue.worker_pool import Job, RetryLater

logger = logging.getLogger(__name__)

LONGEST = 30.0  # seconds between two attempts


def backoff(attempt: int) -> float:
    """Return the seconds to wait after failed attempt `attempt` (from 1), at most `LONGEST`."""
    return min(LONGEST, 2.0 ** min(attempt - 1, 10))


def retry_later(delivery: Delivery, attempt: int, job: Job, asked: float = 0) -> RetryLater | None:
    """Return a `RetryLater` with `asked` or `backoff` seconds, or None if that is too late."""
    wait = (asked or backoff(attempt)) * random.uniform(1.0, 1.1)  # noqa: S311
    if time.time() + wait - delivery.received > MAX_AGE_S:
        logger.error("giving up on a delivery that could not be answered in time")
        return None
    return RetryLater(wait, job)
