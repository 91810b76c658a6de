"""Takes deliveries: records them, acknowledges them, and hands them over to be answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from slack_bolt import Ack

from bot.commands.parser import parse
from bot.ops.rate_limit import wait_notice
from bot.slack.queue.delivery import SAID, Delivery, Kind
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.worker_pool import Expensive, Job, RetryLater, WorkerPool
from bot.slack.response_url import tell

logger = logging.getLogger(__name__)

BUSY = "So much is being asked just now that this has to wait. Please ask again in a minute."
SHARED = "This has been shared already."


@dataclass(frozen=True, eq=False)
class Intake:
    """Where deliveries come in. Threads may share it."""

    inbox: Inbox
    work: WorkerPool
    handlers: Mapping[Kind, Callable[[Delivery], object]]
    prefix: str = ""

    @property
    def full(self) -> bool:
        """Whether so much waits that no more should be taken."""
        return self.work.full

    def take(self, ack: Ack, delivery: Delivery) -> None:
        """Takes a command or a button, which is acknowledged once it is recorded."""
        is_command = delivery.kind == "command"
        if self.full:
            ack(BUSY) if is_command else ack()
            return
        new = self.inbox.record(delivery)
        told = wait_notice(delivery.request) if new and is_command else ""
        ack(told) if told else ack()
        if new:
            self.hand_over(delivery)
        elif delivery.shared_by is not None:
            self.work.submit(lambda: tell(delivery.response_url, SHARED))

    def hand_over(self, delivery: Delivery) -> None:
        """Has a recorded delivery answered by what answers its kind. What was said in one channel
        is answered in the order in which it was said."""
        lane = delivery.channel if delivery.kind in SAID else ""
        job = partial(self._do, delivery, lambda: self.handlers[delivery.kind](delivery))
        self.work.submit(job, lane)

    def _do(self, delivery: Delivery, job: Job) -> object:
        """What goes wrong here would go wrong again, and is only logged."""
        try:
            outcome = job()
        except Exception:
            logger.exception("a delivery could not be worked off")
            self.inbox.answered(delivery)
            return None
        if isinstance(outcome, (RetryLater, Expensive)):
            rest = outcome.job
            return replace(outcome, job=lambda: self._do(delivery, rest))
        return outcome

    def resume(self) -> None:
        """Has answered what an earlier process, or one that is gone, left; 0.1.0 recorded lines
        alone."""
        waiting = self.inbox.waiting()
        for delivery in waiting:
            if delivery.request is None and delivery.kind in ("command", "action"):
                asked = parse(delivery.line, self.prefix)
                self.hand_over(replace(delivery, request=asked))
            else:
                self.hand_over(delivery)
        if waiting:
            logger.info("%d questions of before are being answered", len(waiting))
