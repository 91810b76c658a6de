"""The inbox of several processes, in the ledger's PostgreSQL database.

A process that is gone is answered for by another within seconds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager

from bot.slack.inbox import BUSY, FORGETTING, FRESH, KEPT, Delivery, Seldom, content_of, delivery_of
from index.errors import LedgerError
from index.store.ledger.deliveries import Deliveries

logger = logging.getLogger(__name__)

SIGNED = 600  # seconds that signatures are remembered; one that is older than 300 is refused
WORKING = 30.0  # seconds that another process may take with a conversation


class SharedInbox:
    """An `Inbox` in PostgreSQL; `member` gives what this process is called there."""

    def __init__(self, deliveries: Deliveries, member: Callable[[], str]) -> None:
        self._deliveries = deliveries
        self._member = member
        self._forgetting = Seldom(FORGETTING)

    def record(self, delivery: Delivery) -> bool:
        content = content_of(delivery)
        return _in_time(
            lambda: self._deliveries.record(
                delivery.key, content, delivery.received, self._member()
            )
        )

    def is_first(self, signature: str) -> bool:
        return _in_time(lambda: self._deliveries.pass_by(f"signed {signature}", time.time()))

    def answered(self, delivery: Delivery) -> None:
        now = time.time()
        try:
            self._deliveries.answered(delivery.key, now)
            if self._forgetting.due():
                self._deliveries.forget(now - KEPT, now - SIGNED)
        except LedgerError:
            logger.exception("an answered delivery could not be noted")

    def amend(self, delivery: Delivery) -> None:
        try:
            self._deliveries.amend(delivery.key, content_of(delivery))
        except LedgerError:
            logger.exception("what is known of a delivery could not be kept")

    def waiting(self) -> list[Delivery]:
        try:
            contents = self._deliveries.take_over(self._member(), time.time() - FRESH)
        except LedgerError as error:
            logger.warning("what other processes left could not be read: %s", error.message)
            return []
        return [found for content in contents if (found := delivery_of(content)) is not None]

    def alone(self, channel: str, thread: str) -> AbstractContextManager[None]:
        return self._deliveries.alone(f"{channel}/{thread}", WORKING)

    def count(self) -> int:
        return self._deliveries.count()

    def close(self) -> None:
        self._deliveries.close()


def _in_time(record: Callable[[], bool]) -> bool:
    """What recording gives; True where that fails, or takes longer than `BUSY`."""
    recorded: Future[bool] = Future()

    def work() -> None:
        try:
            recorded.set_result(record())
        except Exception as error:
            recorded.set_exception(error)

    # A daemon: where the database says nothing, the end of the process does not wait for it.
    threading.Thread(target=work, name="inbox", daemon=True).start()
    try:
        return recorded.result(BUSY)
    except TimeoutError:
        logger.exception("a delivery could not be recorded in time")
    except LedgerError:
        logger.exception("a delivery could not be recorded")
    return True
