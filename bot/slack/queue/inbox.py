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

from bot.slack.queue.delivery import Delivery
from index.errors import LedgerError
from index.storage.db.database import Database
from index.storage.db.processes import GONE
from index.storage.db.schema import deliveries, members

logger = logging.getLogger(__name__)

RECORD_TIMEOUT_S = 0.4  # seconds that recording may delay the acknowledgement
OPEN_TIMEOUT_S = 10  # seconds to wait at startup for a file that another process has locked
MAX_AGE_S = 25 * 60  # seconds; older deliveries are not answered
KEY_RETENTION_S = 24 * 3600  # seconds that answered deliveries are stored, for deduplication
SIGNATURE_AGE_S = 600  # seconds; requests over 300 seconds old are rejected anyway
CLEANUP_INTERVAL_S = 60  # seconds between deletions of old rows
LOCK_TIMEOUT_S = 30.0  # seconds to wait for the lock of a conversation
MAX_TAKEN_OVER = 100  # deliveries taken over in one transaction
NO_MEMBER = ""  # the member of rows for signatures, which need no answer

# The schema of the file, as in version 0.1.0. It needs no column for the process.
_FILE = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    received REAL NOT NULL,
    answered REAL
)
"""
# Raw SQL for speed, since acknowledgements wait for these two.
_RECORD = "INSERT OR IGNORE INTO deliveries (key, content, received) VALUES (?, ?, ?)"
_ANSWER = "UPDATE deliveries SET answered = ?, content = '' WHERE key = ?"


class Inbox:
    """The deliveries of one process, or of several that share a database. Thread-safe."""

    def __init__(self, database: Database, member: Callable[[], str] | None = None) -> None:
        """Store deliveries in `database`. `member` returns this process's token in `Members`; it is
        None if only this process uses the database."""
        self._database = database
        self._member = member
        self._forgets_at = float("-inf")

    @classmethod
    def in_file(cls, file: Path) -> Inbox:
        """Open the inbox in `file`, which only this process uses.

        An unusable file is renamed and replaced. If another process has locked the file, or no file
        can be written, the inbox is in memory: a crash then loses unanswered deliveries.
        """
        try:
            return cls(_open_with_retry(file))
        except (LedgerError, OSError) as error:
            if _is_busy(error):
                logger.warning("the inbox %s is locked by another process; using memory", file)
                return cls(_open(None))
            logger.exception("the inbox %s cannot be opened; replacing it", file)
            return cls(_replace(file))

    def record(self, delivery: Delivery) -> bool:
        """Record a delivery within `RECORD_TIMEOUT_S` seconds; return whether it is new.

        If it cannot be recorded (disk full, database unavailable), it counts as new: an answer that
        a crash could lose is better than no answer.
        """
        return self._insert_in_time(delivery.key, delivery.received, content=delivery.to_json())

    def is_first(self, signature: str) -> bool:
        """Record a request's signature; return whether no other process has recorded it.

        Returns True if the database fails or no other process uses it.
        """
        if self._member is None:
            return True  # `SignatureMiddleware` checks the signatures of this process
        now = time.time()
        return self._insert_in_time(f"signed {signature}", now, answered=now, member=NO_MEMBER)

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
            logger.warning("a delivery could not be marked as answered: %s", error)

    def amend(self, delivery: Delivery) -> None:
        """Update a recorded delivery, in case another process takes it over."""
        try:
            chosen = update(deliveries).where(deliveries.c.key == delivery.key)
            self._database.run(chosen.values(content=delivery.to_json()))
        except LedgerError as error:
            logger.warning("a delivery could not be updated: %s", error)

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
            logger.warning("unanswered deliveries could not be read: %s", error.message)
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
                    connection = held.enter_context(self._database.reading())
                    timeout_ms = round(LOCK_TIMEOUT_S * 1_000)
                    connection.execute(text(f"SET LOCAL lock_timeout = {timeout_ms}"))
                    taking = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
                    connection.execute(text(taking), {"name": f"{channel}/{thread}"})
                except (LedgerError, DBAPIError) as error:
                    logger.warning("the lock of a conversation is not available: %s", error)
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

    def _insert_in_time(self, key: str, received: float, content: str = "", **others: Any) -> bool:
        """Insert a row within `RECORD_TIMEOUT_S`; return whether it is new, or True on failure."""
        if self._member is None:  # SQLite's busy timeout is `RECORD_TIMEOUT_S`
            try:
                return self._database.run_one(_RECORD, key, content, received) > 0
            except LedgerError as error:
                logger.warning("a delivery could not be recorded: %s", error)
                return True
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

        # A daemon thread, so that a hanging database does not block the exit of the process.
        threading.Thread(target=work, name="inbox", daemon=True).start()
        try:
            return recorded.result(RECORD_TIMEOUT_S)
        except TimeoutError:
            recorded.cancel()
            logger.warning("a delivery could not be recorded in time")
        except LedgerError as error:
            logger.warning("a delivery could not be recorded: %s", error)
        return True

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


def _open(file: Path | None) -> Database:
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    database = Database.of_file(file, RECORD_TIMEOUT_S)
    try:
        with database.reading() as connection:
            known = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
        if "deliveries" not in known:
            with database.writing() as connection:
                connection.execute(text(_FILE))
        Inbox(database).count()
    except LedgerError:
        database.close()
        raise
    return database


def _open_with_retry(file: Path) -> Database:
    deadline = time.monotonic() + OPEN_TIMEOUT_S
    while True:
        try:
            return _open(file)
        except LedgerError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _is_busy(error: Exception) -> bool:
    cause = getattr(error.__cause__, "orig", None)
    return getattr(cause, "sqlite_errorname", "") in ("SQLITE_BUSY", "SQLITE_LOCKED")


def _replace(file: Path) -> Database:
    try:
        for suffix in ("", "-wal", "-shm"):
            part = Path(f"{file}{suffix}")
            if part.exists():
                part.rename(f"{file}.{time.time_ns()}.damaged{suffix}")
        return _open(file)
    except (LedgerError, OSError):
        logger.exception("the inbox cannot be written; using memory")
        return _open(None)
