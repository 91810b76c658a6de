"""The inbox of several processes that share a PostgreSQL database.

If a process dies, another one answers its unanswered deliveries within seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.slack.queue import inbox
from bot.slack.queue.inbox import Inbox, fell_back
from index.errors import LedgerError
from index.storage.db.database import Database
from index.storage.db.processes import GONE
from index.storage.db.schema import deliveries, members

SIGNATURE_AGE_S = 600  # seconds; requests over 300 seconds old are rejected anyway
LOCK_TIMEOUT_S = 30.0  # seconds to wait for the lock of a conversation
LOCK_IDLE_S = 600  # seconds that a conversation may be held, before PostgreSQL frees it
MAX_CONNECTIONS, MAX_HELD = 10, 32  # for recording, and for holding conversations
RECORDERS = 6  # deliveries and signatures that are recorded at the same time
MAX_TAKEN_OVER = 100  # deliveries taken over in one transaction
NO_MEMBER = ""  # the member of rows for signatures, which need no answer


class SharedInbox(Inbox):
    """The deliveries of several processes. Thread-safe."""

    def __init__(self, url: str, member: Callable[[], str]) -> None:
        """Open the inbox in the PostgreSQL database at `url`, with connections of its own, so that
        acknowledgements wait neither for the ledger nor for conversations. `member` returns this
        process's token in `Members`."""
        super().__init__(Database.at(url, MAX_CONNECTIONS))
        self._member = member
        self._locks = Database.at(
            url, MAX_HELD, LOCK_IDLE_S
        )  # these connections hold conversations
        self._recorders = threading.BoundedSemaphore(RECORDERS)

    def is_first(self, signature: str) -> bool:
        """Record a request's signature; return whether no other process has recorded it.

        Raises `LedgerError` if that fails: a request that may have been received before is not
        accepted.
        """
        now = time.time()
        row = {"key": f"signed {signature}", "received": now, "content": "", "answered": now}
        try:
            return self._insert_in_time(row | {"member": NO_MEMBER})
        except LedgerError as error:
            fell_back("signature", "a signature could not be checked: %s", error)
            raise

    @contextmanager
    def conversation_lock(self, channel: str, thread: str) -> Iterator[None]:
        """Hold a conversation's lock across the processes that share the database.

        If the database fails or the lock is not free in `LOCK_TIMEOUT_S`, the block runs unlocked.
        """
        with ExitStack() as held:
            try:
                connection = held.enter_context(self._locks.reading())
                timeout_ms = round(LOCK_TIMEOUT_S * 1_000)
                connection.execute(text(f"SET LOCAL lock_timeout = {timeout_ms}"))
                taking = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
                connection.execute(text(taking), {"name": f"{channel}/{thread}"})
            except (LedgerError, DBAPIError) as error:
                fell_back("lock", "the lock of a conversation is not available: %s", error)
            yield
            with suppress(LedgerError, DBAPIError):  # a broken connection holds no lock
                held.close()

    def close(self) -> None:
        super().close()
        self._locks.close()

    def _insert(self, key: str, received: float, content: str) -> bool:
        return self._insert_in_time({"key": key, "received": received, "content": content})

    def _insert_in_time(self, row: dict[str, Any]) -> bool:
        """Insert a row within `RECORD_TIMEOUT_S`; return whether it is new. Raises `LedgerError`
        if that fails."""
        timeout = inbox.RECORD_TIMEOUT_S
        deadline = time.monotonic() + timeout
        late = LedgerError("The database did not answer in time.", "Check its load.")
        if not self._recorders.acquire(timeout=timeout):
            raise late
        recorded: Future[bool] = Future()

        def work() -> None:
            try:
                row.setdefault("member", self._member())
                with self._database.writing() as connection:
                    if not recorded.set_running_or_notify_cancel():
                        return  # timed out: it counts as new and may have been answered
                    new = self._database.add_one(connection, deliveries, row)
                recorded.set_result(new)
            except Exception as error:
                with suppress(InvalidStateError):  # timed out
                    recorded.set_exception(error)
            finally:
                self._recorders.release()

        # A daemon thread, so that a hanging database does not block the exit of the process.
        threading.Thread(target=work, name="inbox", daemon=True).start()
        try:
            return recorded.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            recorded.cancel()
            raise late from None

    def _take(self, *left: Any) -> list[tuple[float, str]]:
        """Assign deliveries of dead processes to this one; return their arrival and content."""
        member = self._member()
        with self._database.writing() as connection:
            # One process at a time: of two concurrent updates, PostgreSQL checks the second against
            # the old member of a row, so both processes would get the delivery.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('inbox', 0))"))
            alive = self._database.clock(connection) - GONE
            living = exists().where(
                members.c.token == deliveries.c.member, members.c.heartbeat > alive
            )
            keys = (
                select(deliveries.c.key)
                .where(*left, ~living)
                .order_by(deliveries.c.received)
                .limit(MAX_TAKEN_OVER)
                .with_for_update(skip_locked=True)
            )
            taken = connection.execute(
                update(deliveries)
                .where(deliveries.c.key.in_(keys.scalar_subquery()))
                .values(member=member)
                .returning(deliveries.c.received, deliveries.c.content)
            )
            return [(row[0], row[1]) for row in taken]

    def _is_old(self, now: float) -> ColumnElement[bool]:
        signed = and_(
            deliveries.c.received < now - SIGNATURE_AGE_S, deliveries.c.member == NO_MEMBER
        )
        return or_(super()._is_old(now), signed)
