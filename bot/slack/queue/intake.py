"""Records and acknowledges deliveries, and submits them to the worker pool."""

import logging
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from slack_bolt import Ack

from bot.commands.spec import Request
from bot.ops.rate_limit import is_expensive
from bot.slack.queue.delivery import CONVERSATION_KINDS, Delivery, Kind
from bot.slack.queue.inbox import MAX_AGE_S, Inbox
from bot.slack.queue.worker_pool import Job, WorkerPool
from bot.slack.response_url import send_notice

logger = logging.getLogger(__name__)

BUSY = "Nearsay is too busy right now. Please try again in a minute."
BUSY_TIMEOUT_S = 2  # for a notice that a listener sends, since the pool is full
SHARED = "Share was pressed here before. To share it again, ask again."


class Handler(Protocol):
    """Answers a delivery and marks it as answered, or returns `RetryLater` or `ExpensiveJob`."""

    def __call__(self, delivery: Delivery, /) -> object: ...


@dataclass(frozen=True, eq=False)
class Intake:
    """Records, acknowledges and submits deliveries. Thread-safe."""

    inbox: Inbox
    work: WorkerPool
    handlers: Mapping[Kind, Handler]

    def take(self, ack: Ack, delivery: Delivery) -> None:
        in_own_lane = self._lane(delivery) == delivery.user
        refusal = self.work.refusal(delivery.user) if in_own_lane else ""
        if refusal := BUSY if self.work.full else refusal:
            if delivery.kind == "command":
                ack(refusal)
            else:
                ack()
                send_notice(delivery.response_url, refusal, BUSY_TIMEOUT_S)
            return
        new = self.inbox.record(delivery)
        ack()
        if new and not in_own_lane:
            self.submit(delivery)
        elif new:
            # Others of the user may have come while this one was recorded.
            if refusal := self.work.offer(*self._job(delivery)):
                self.inbox.mark_answered(delivery)
                send_notice(delivery.response_url, refusal, BUSY_TIMEOUT_S)
        elif delivery.shared_by is not None:
            self.work.submit(lambda: send_notice(delivery.response_url, SHARED))

    def submit(self, delivery: Delivery) -> None:
        """Submit a recorded delivery. Messages in one channel, and commands of one user, are
        answered in order.

        A failed delivery is marked as answered, since a retry would fail too.
        """
        self.work.submit(*self._job(delivery))

    def _job(self, delivery: Delivery) -> tuple[Job, str, Job]:
        """Return the job of a delivery, its lane, and what to do if it fails."""
        job = partial(self.handlers[delivery.kind], delivery)
        return job, self._lane(delivery), partial(self.inbox.mark_answered, delivery)

    def _lane(self, delivery: Delivery) -> str:
        """Return the lane of a delivery. Expensive commands have a queue of their own, and admin
        commands and imports may take minutes."""
        if delivery.kind in CONVERSATION_KINDS:
            return delivery.channel
        request = delivery.request
        is_slow = isinstance(request, Request) and request.command == "near-admin"
        is_slow = is_slow or is_expensive(request) or delivery.kind == "upload"
        return "" if is_slow else delivery.user

    def resume(self, waiting: Collection[Delivery]) -> None:
        """Submit unanswered deliveries of a process that has ended, unless they are too old."""
        for delivery in waiting:
            if time.time() - delivery.received > MAX_AGE_S:
                continue
            self.submit(replace(delivery, repeated=True))
        if waiting:
            logger.info("resuming %d unanswered deliveries", len(waiting))
