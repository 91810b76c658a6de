"""The inbox: acknowledged deliveries, stored until they are answered.

If a process dies, its unanswered deliveries are answered after the restart. The inbox is a SQLite
file of its own in the data directory, so that acknowledgements do not wait for a reindex. With
PostgreSQL it is a `SharedInbox`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, text, update

from bot.ops import metrics
from bot.slack.queue.delivery import Delivery
from index.errors import LedgerError
from index.storage.db.database import Database
from index.storage.db.schema import deliveries

logger = logging.getLogger(__name__)

RECORD_TIMEOUT_S = 0.4  # seconds that recording may delay the acknowledgement
MAX_AGE_S = 25 * 60  # seconds; older deliveries are not answered
KEY_RETENTION_S = 24 * 3600  # seconds that answered deliveries are stored, for deduplication
CLEANUP_INTERVAL_S = 60  # seconds between deletions of old rows
OPEN_TIMEOUT_S = 10  # seconds to wait at startup for a file that another process has locked

# The schema of the file. It needs no column for the process.
_TABLE = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    received REAL NOT NULL,
    answered REAL
)
"""
# Raw SQL for speed, since acknowledgements wait for it.
_RECORD = "INSERT OR IGNORE INTO deliveries (key, content, received) VALUES (?, ?, ?)"


class Inbox:
    """The deliveries of one process. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
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
        try:
            return self._insert(delivery.key, delivery.received, delivery.to_json())
        except LedgerError as error:
            fell_back("delivery", "a delivery could not be recorded: %s", error)
            return True

    def is_first(self, _signature: str) -> bool:
        """Return whether no other process has received a request with this signature."""
        return True  # `SignatureMiddleware` checks the signatures of this process

    def mark_answered(self, delivery: Delivery) -> None:
        now = time.time()
        try:
            done = update(deliveries).where(deliveries.c.key == delivery.key)
            self._database.run(done.values(answered=now, content=""))
            if now >= self._forgets_at:
                self._forgets_at = now + CLEANUP_INTERVAL_S
                self._database.run(delete(deliveries).where(self._is_old(now)))
        except LedgerError as error:
            fell_back("answer", "a delivery could not be marked as answered: %s", error)

    def amend(self, delivery: Delivery) -> None:
        """Update a recorded delivery, in case another process takes it over."""
        try:
            chosen = update(deliveries).where(deliveries.c.key == delivery.key)
            self._database.run(chosen.values(content=delivery.to_json()))
        except LedgerError as error:
            fell_back("amendment", "a delivery could not be updated: %s", error)

    def take_unanswered(self) -> list[Delivery]:
        """Take over recent unanswered deliveries from dead processes, the oldest first."""
        left = (deliveries.c.answered.is_(None), deliveries.c.received > time.time() - MAX_AGE_S)
        try:
            rows = sorted(self._take(*left))
        except LedgerError as error:
            fell_back("takeover", "unanswered deliveries could not be read: %s", error)
            return []
        parsed = (Delivery.from_json(content) for _, content in rows)
        return [delivery for delivery in parsed if delivery is not None]

    @contextmanager
    def conversation_lock(self, _channel: str, _thread: str) -> Iterator[None]:
        """Hold a conversation's lock across the processes that share the database."""
        yield

    def count(self) -> int:
        """Count the recent unanswered deliveries of all processes. Raises `LedgerError`."""
        recent = deliveries.c.received > time.time() - MAX_AGE_S
        unanswered = select(func.count(deliveries.c.key)).where(deliveries.c.answered.is_(None))
        return int(self._database.value(unanswered.where(recent)))

    def close(self) -> None:
        self._database.close()

    def _insert(self, key: str, received: float, content: str) -> bool:
        """Insert a row; return whether it is new. SQLite waits up to `RECORD_TIMEOUT_S`."""
        return self._database.run_one(_RECORD, key, content, received) > 0

    def _take(self, *left: Any) -> list[tuple[float, str]]:
        """Return the arrival and content of the deliveries that are `left`."""
        with self._database.reading() as connection:
            chosen = select(deliveries.c.received, deliveries.c.content).where(*left)
            return [(row[0], row[1]) for row in connection.execute(chosen)]

    def _is_old(self, now: float) -> ColumnElement[bool]:
        return deliveries.c.received < now - KEY_RETENTION_S


def fell_back(what: str, message: str, error: Exception) -> None:
    """Log and count that something is done without the database."""
    logger.warning(message, error)
    metrics.FALLBACKS.labels(what).inc()


def _open(file: Path | None) -> Database:
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    database = Database.of_file(file, RECORD_TIMEOUT_S)
    try:
        with database.reading() as connection:
            known = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
        if "deliveries" not in known:
            with database.writing() as connection:
                connection.execute(text(_TABLE))
        used = (deliveries.c.key, deliveries.c.received, deliveries.c.answered)
        database.value(select(*(func.count(column) for column in used)))
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
