"""Retries of replies that could not be sent."""

import logging
import time
from collections.abc import Callable
from functools import partial

from bot.ops import metrics
from bot.slack.api_errors import FAILURES, error_code, is_retryable, retry_delay
from bot.slack.queue.delivery import CONVERSATION_KINDS, Delivery
from bot.slack.queue.inbox import MAX_AGE_S, Inbox
from bot.slack.queue.worker_pool import Job, RetryLater

logger = logging.getLogger(__name__)

LONGEST = 30.0  # seconds between two attempts


def backoff(attempt: int) -> float:
    """Return the seconds to wait after failed attempt `attempt` (from 1), at most `LONGEST`."""
    return min(LONGEST, 2.0 ** min(attempt - 1, 10))


def send_and_mark(
    inbox: Inbox, delivery: Delivery, send: Callable[[], object], attempt: int = 1
) -> RetryLater | None:
    """Call `send`, which may raise `FAILURES`, and mark the delivery as answered.

    If it fails and Slack may accept the reply later, return a retry instead.
    """
    try:
        send()
    except FAILURES as error:
        metrics.REPLIES_NOT_SENT.labels("conversation").inc()
        logger.warning("a reply could not be sent: %s", error_code(error))
        if is_retryable(error):
            again = partial(send_and_mark, inbox, delivery, send, attempt + 1)
            return retry_later(delivery, attempt, again, retry_delay(error))
    inbox.mark_answered(delivery)
    return None


def retry_later(delivery: Delivery, attempt: int, job: Job, asked: float) -> RetryLater | None:
    """Return a `RetryLater` with `asked` or `backoff` seconds, or None if that is too late."""
    wait = asked or backoff(attempt)
    if time.time() + wait - delivery.received > MAX_AGE_S:
        logger.error("giving up on a delivery that could not be answered in time")
        return None
    return RetryLater(wait, job, keeps_lane=delivery.kind in CONVERSATION_KINDS)
