"""The inbox: acknowledged deliveries, stored until they are answered.

If a process dies, its unanswered deliveries are answered after the restart, or within seconds by
another process that shares its PostgreSQL database. Without PostgreSQL, the inbox is a separate
SQLite file in the data directory, so that acknowledgements do not wait for a reindex.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.ops import metrics
from bot.slack.queue import inbox_file
from bot.slack.queue.delivery import Delivery
from index.errors import LedgerError
from index.storage.db.database import Database
from index.storage.db.processes import GONE
from index.storage.db.schema import deliveries, members

logger = logging.getLogger(__name__)

RECORD_TIMEOUT_S = 0.4  # seconds that recording may delay the acknowledgement
MAX_AGE_S = 25 * 60  # seconds; older deliveries are not answered
KEY_RETENTION_S = 24 * 3600  # seconds that answered deliveries are stored, for deduplication
SIGNATURE_AGE_S = 600  # seconds; requests over 300 seconds old are rejected anyway
CLEANUP_INTERVAL_S = 60  # seconds between deletions of old rows
LOCK_TIMEOUT_S = 30.0  # seconds to wait for the lock of a conversation
LOCK_IDLE_S = 600  # seconds that a conversation may be held, before PostgreSQL frees it
MAX_CONNECTIONS, MAX_HELD = 10, 32  # connections to PostgreSQL, and those that hold conversations
RECORDERS = 6  # deliveries and signatures that are recorded at the same time, on PostgreSQL
MAX_TAKEN_OVER = 100  # deliveries taken over in one transaction
NO_MEMBER = ""  # the member of rows for signatures, which need no answer

# Raw SQL for speed, since acknowledgements wait for these two.
_RECORD = "INSERT OR IGNORE INTO deliveries (key, content, received) VALUES (?, ?, ?)"
_ANSWER = "UPDATE deliveries SET answered = ?, content = '' WHERE key = ?"


class Inbox:
    """The deliveries of one process, or of several that share a database. Thread-safe."""

    def __init__(
        self,
        database: Database,
        member: Callable[[], str] | None = None,
        locks: Database | None = None,
    ) -> None:
        """Store deliveries in `database`. `member` returns this process's token in `Members`; it is
        None if only this process uses the database. `locks` has the connections that hold
        conversations."""
        self._database = database
        self._member = member
        self._locks = locks or database
        self._recorders = threading.BoundedSemaphore(RECORDERS)
        self._forgets_at = float("-inf")

    @classmethod
    def shared(cls, url: str, member: Callable[[], str]) -> Inbox:
        """Open the inbox in the PostgreSQL database at `url`, with connections of its own, so that
        acknowledgements wait neither for the ledger nor for conversations."""
        locks = Database.at(url, MAX_HELD, LOCK_IDLE_S)
        return cls(Database.at(url, MAX_CONNECTIONS), member, locks)

    @classmethod
    def in_file(cls, file: Path) -> Inbox:
        """Open the inbox in `file`, which only this process uses.

        An unusable file is renamed and replaced. If another process has locked the file, or no file
        can be written, the inbox is in memory: a crash then loses unanswered deliveries.
        """
        return cls(inbox_file.opened(file, RECORD_TIMEOUT_S))

    def record(self, delivery: Delivery) -> bool:
        """Record a delivery within `RECORD_TIMEOUT_S` seconds; return whether it is new.

        If it cannot be recorded (disk full, database unavailable), it counts as new: an answer that
        a crash could lose is better than no answer.
        """
        try:
            return self._insert_in_time(delivery.key, delivery.received, delivery.to_json())
        except LedgerError as error:
            _fell_back("delivery", "a delivery could not be recorded: %s", error)
            return True

    def is_first(self, signature: str) -> bool:
        """Record a request's signature; return whether no other process has recorded it.

        Returns True if no other process uses the database. Raises `LedgerError` if it fails: a
        request that may have been received before is not accepted.
        """
        if self._member is None:
            return True  # `SignatureMiddleware` checks the signatures of this process
        now = time.time()
        try:
            return self._insert_in_time(f"signed {signature}", now, answered=now, member=NO_MEMBER)
        except LedgerError as error:
            _fell_back("signature", "a signature could not be checked: %s", error)
            raise

    def mark_answered(self, delivery: Delivery) -> None:
        now = time.time()
        try:
            if self._member is None:
                self._database.run_one(_ANSWER, now, delivery.key)
            else:
                done = update(deliveries).where(deliveries.c.key == delivery.key)
                self._database.run(done.values(answered=now, content=""))
            if now >= self._forgets_at:
                self._forgets_at = now + CLEANUP_INTERVAL_S
                self._delete_old(now)
        except LedgerError as error:
            _fell_back("answer", "a delivery could not be marked as answered: %s", error)

    def amend(self, delivery: Delivery) -> None:
        """Update a recorded delivery, in case another process takes it over."""
        try:
            chosen = update(deliveries).where(deliveries.c.key == delivery.key)
            self._database.run(chosen.values(content=delivery.to_json()))
        except LedgerError as error:
            _fell_back("amendment", "a delivery could not be updated: %s", error)

    def take_unanswered(self) -> list[Delivery]:
        """Take over recent unanswered deliveries from dead processes, the oldest first."""
        received, content = deliveries.c.received, deliveries.c.content
        left = (deliveries.c.answered.is_(None), received > time.time() - MAX_AGE_S)
        try:
            if self._member is not None:
                rows = sorted(self._take_over(self._member(), *left))
            else:
                found = self._database.rows(select(received, content).where(*left))
                rows = sorted((row["received"], row["content"]) for row in found)
        except LedgerError as error:
            _fell_back("takeover", "unanswered deliveries could not be read: %s", error)
            return []
        parsed = (Delivery.from_json(row[1]) for row in rows)
        return [delivery for delivery in parsed if delivery is not None]

    @contextmanager
    def conversation_lock(self, channel: str, thread: str) -> Iterator[None]:
        """Hold a conversation's lock across the processes that share the database.

        If the database fails or the lock is not free in `LOCK_TIMEOUT_S`, the block runs unlocked.
        """
        with ExitStack() as held:
            if self._member is not None:
                try:
                    connection = held.enter_context(self._locks.reading())
                    timeout_ms = round(LOCK_TIMEOUT_S * 1_000)
                    connection.execute(text(f"SET LOCAL lock_timeout = {timeout_ms}"))
                    taking = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
                    connection.execute(text(taking), {"name": f"{channel}/{thread}"})
                except (LedgerError, DBAPIError) as error:
                    _fell_back("lock", "the lock of a conversation is not available: %s", error)
            yield
            with suppress(LedgerError, DBAPIError):  # a broken connection holds no lock
                held.close()

    def count(self) -> int:
        """Count the recent unanswered deliveries of all processes. Raises `LedgerError`."""
        recent = deliveries.c.received > time.time() - MAX_AGE_S
        unanswered = select(func.count(deliveries.c.key)).where(deliveries.c.answered.is_(None))
        return int(self._database.value(unanswered.where(recent)))

    def close(self) -> None:
        self._database.close()
        self._locks.close()

    def _insert_in_time(self, key: str, received: float, content: str = "", **others: Any) -> bool:
        """Insert a row within `RECORD_TIMEOUT_S`; return whether it is new. Raises `LedgerError`
        if that fails."""
        if self._member is None:  # SQLite's busy timeout is `RECORD_TIMEOUT_S`
            return self._database.run_one(_RECORD, key, content, received) > 0
        deadline = time.monotonic() + RECORD_TIMEOUT_S
        late = LedgerError("The database did not answer in time.", "Check its load.")
        if not self._recorders.acquire(timeout=RECORD_TIMEOUT_S):
            raise late
        recorded: Future[bool] = Future()
        member = self._member

        def work() -> None:
            row = {"key": key, "received": received, "content": content, **others}
            try:
                row.setdefault("member", member())
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

    def _take_over(self, member: str, *left: Any) -> list[tuple[float, str]]:
        """Assign deliveries of dead processes to `member`; return their arrival and content."""
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

    def _delete_old(self, now: float) -> None:
        received = deliveries.c.received
        old = received < now - KEY_RETENTION_S
        if self._member is not None:
            old = or_(old, and_(received < now - SIGNATURE_AGE_S, deliveries.c.member == NO_MEMBER))
        self._database.run(delete(deliveries).where(old))


def _fell_back(what: str, message: str, error: Exception) -> None:
    """Log and count that something is done without the database."""
    logger.warning(message, error)
    metrics.FALLBACKS.labels(what).inc()
