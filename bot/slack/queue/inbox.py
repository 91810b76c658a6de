"""What Slack delivered and was acknowledged, until it has been answered.

It is kept so that a question outlives the process it was put to: what was acknowledged and not
answered when the process died is answered by another one. Deliveries that come twice have one key
and are recorded once. Processes that share a PostgreSQL database share an inbox in it, and answer
within seconds for one that is gone; any other has a SQLite file of its own in its data directory,
so that acknowledgements wait for no reindex.
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

BUSY = 0.4  # seconds that recording may take; an acknowledgement waits for it
PATIENCE = 10  # seconds that a start may wait for another process to let go
FRESH = 25 * 60  # seconds that a response_url can still be answered, of Slack's thirty minutes
KEPT = 24 * 3600  # seconds that answered deliveries are remembered, for their doubles
SIGNED = 600  # seconds that signatures are remembered; one that is older than 300 is refused
FORGETTING = 60  # seconds between two looks for what need not be remembered any more
WORKING = 30.0  # seconds that another process may take with a conversation
AT_ONCE = 100  # deliveries taken over together
NOBODY = ""  # the member that is to answer what needs no answer

# As 0.1.0 made it: a file has one process, which needs no name.
_FILE = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    received REAL NOT NULL,
    answered REAL
)
"""
# What is done in a file for every delivery, while the others wait for it.
_RECORD = "INSERT OR IGNORE INTO deliveries (key, content, received) VALUES (?, ?, ?)"
_ANSWERED = "UPDATE deliveries SET answered = ?, content = '' WHERE key = ?"


class Inbox:
    """The deliveries of one process or of several. Threads may share it."""

    def __init__(self, database: Database, member: Callable[[], str] | None = None) -> None:
        """`member` gives what this process is called among those that share `database` (see
        `Members`); None where it is the only one."""
        self._database = database
        self._member = member
        self._forgets_at = float("-inf")

    @classmethod
    def in_file(cls, file: Path) -> Inbox:
        """The inbox of the only process of a data directory. A damaged file is put aside, and
        where none can be written the inbox lives in memory: the bot serves on, and only a crash
        loses what it holds."""
        try:
            return cls(_patiently(file))
        except (LedgerError, OSError) as error:
            if _is_busy(error):
                logger.warning("the inbox %s is held by another process; memory is used", file)
                return cls(_opened(None))
            logger.exception("the inbox %s cannot be used and is put aside", file)
            return cls(_renewed(file))

    def record(self, delivery: Delivery) -> bool:
        """Records a delivery; returns whether it is new. Takes at most `BUSY` seconds.

        When it cannot be recorded (a full disk, a database that does not answer) that is logged
        and the delivery counts as new: an answer that may be lost in a crash is better than none.
        """
        return self._in_time(delivery.key, delivery.received, content=delivery.to_json())

    def is_first(self, signature: str) -> bool:
        """Whether no other process has had a request of this signature; where that cannot be told
        it counts as the first. Takes at most `BUSY` seconds."""
        if self._member is None:
            return True  # one process remembers by itself what it had
        now = time.time()
        return self._in_time(f"signed {signature}", now, answered=now, member=NOBODY)

    def answered(self, delivery: Delivery) -> None:
        """Notes that a delivery needs nothing more."""
        now = time.time()
        try:
            if self._member is None:
                self._database.run_one(_ANSWERED, now, delivery.key)
            else:
                with self._database.writing() as connection:
                    done = deliveries.c.key == delivery.key
                    values = {"answered": now, "content": ""}
                    connection.execute(update(deliveries).where(done).values(values))
            if now >= self._forgets_at:
                self._forgets_at = now + FORGETTING
                self._forget(now)
        except LedgerError:
            logger.exception("an answered delivery could not be noted")

    def amend(self, delivery: Delivery) -> None:
        """Keeps what is known of a recorded delivery by now, for a process that takes it over."""
        try:
            with self._database.writing() as connection:
                chosen = deliveries.c.key == delivery.key
                content = delivery.to_json()
                connection.execute(update(deliveries).where(chosen).values(content=content))
        except LedgerError:
            logger.exception("what is known of a delivery could not be kept")

    def waiting(self) -> list[Delivery]:
        """What processes that are gone acknowledged, did not answer, and can still be answered,
        the oldest first: this process answers it now."""
        received, content = deliveries.c.received, deliveries.c.content
        left = (deliveries.c.answered.is_(None), received > time.time() - FRESH)
        try:
            if self._member is not None:
                rows = sorted(self._take_over(self._member(), *left))
            else:
                with self._database.reading() as connection:
                    asked = select(received, content).where(*left).order_by(received)
                    rows = [(row[0], row[1]) for row in connection.execute(asked)]
        except LedgerError as error:
            logger.warning("what is waiting in the inbox could not be read: %s", error.message)
            return []
        found = (Delivery.from_json(row[1]) for row in rows)
        return [delivery for delivery in found if delivery is not None]

    @contextmanager
    def alone(self, channel: str, thread: str) -> Iterator[None]:
        """No other process works on the same conversation during the block, whatever becomes of
        this one. After `WORKING` seconds of waiting, and where the database does not answer, the
        block is done all the same."""
        with ExitStack() as held:
            if self._member is not None:
                try:
                    connection = held.enter_context(self._database.reading())
                    connection.execute(text(f"SET LOCAL lock_timeout = {round(WORKING * 1_000)}"))
                    taking = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
                    connection.execute(text(taking), {"name": f"{channel}/{thread}"})
                except (LedgerError, DBAPIError) as error:
                    logger.warning("nobody is kept from doing the same: %s", error)
            yield
            with suppress(LedgerError, DBAPIError):  # a connection that broke holds nothing
                held.close()

    def count(self) -> int:
        """How many deliveries are acknowledged and not answered yet, of all processes. Raises
        `LedgerError`."""
        unanswered = select(func.count(deliveries.c.key)).where(deliveries.c.answered.is_(None))
        with self._database.reading() as connection:
            return int(connection.execute(unanswered).scalar_one())

    def close(self) -> None:
        self._database.close()

    def _in_time(self, key: str, received: float, content: str = "", **others: Any) -> bool:
        """Whether a row is new, as far as that is known within `BUSY` seconds."""
        if self._member is None:  # a file, which waits no longer than that by itself
            try:
                return self._database.run_one(_RECORD, key, content, received) > 0
            except LedgerError:
                logger.exception("a delivery could not be recorded")
                return True
        recorded: Future[bool] = Future()
        member = self._member

        def work() -> None:
            row = {"key": key, "received": received, "content": content, **others}
            try:
                row.setdefault("member", member())
                with self._database.writing() as connection:
                    if not recorded.set_running_or_notify_cancel():
                        return  # it counts as new, and may have been answered by now
                    new = self._database.add_one(connection, deliveries, row)
                recorded.set_result(new)
            except Exception as error:
                with suppress(InvalidStateError):  # nobody waits for it any more
                    recorded.set_exception(error)

        # A daemon: where the database says nothing, the end of the process does not wait for it.
        threading.Thread(target=work, name="inbox", daemon=True).start()
        try:
            return recorded.result(BUSY)
        except TimeoutError:
            recorded.cancel()
            logger.exception("a delivery could not be recorded in time")
        except LedgerError:
            logger.exception("a delivery could not be recorded")
        return True

    def _take_over(self, member: str, *left: Any) -> list[tuple[float, str]]:
        """When deliveries of processes that are gone were received, and their contents; from now
        on `member` is to answer them."""
        with self._database.writing() as connection:
            alive = self._database.clock(connection) - GONE
            living = exists().where(
                members.c.token == deliveries.c.member, members.c.heartbeat > alive
            )
            keys = (
                select(deliveries.c.key)
                .where(*left, ~living)
                .order_by(deliveries.c.received)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            )
            taken = connection.execute(
                update(deliveries)
                .where(deliveries.c.key.in_(keys.scalar_subquery()))
                .values(member=member)
                .returning(deliveries.c.received, deliveries.c.content)
            )
            return [(row[0], row[1]) for row in taken]

    def _forget(self, now: float) -> None:
        """Forgets what is too old to come again."""
        received = deliveries.c.received
        old = received < now - KEPT
        if self._member is not None:
            old = or_(old, and_(received < now - SIGNED, deliveries.c.member == NOBODY))
        with self._database.writing() as connection:
            connection.execute(delete(deliveries).where(old))


def _opened(file: Path | None) -> Database:
    """The database in a file, or in memory."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    database = Database.of_file(file, BUSY)
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


def _patiently(file: Path) -> Database:
    """Opens the inbox; another process that is just opening it is waited for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return _opened(file)
        except LedgerError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _is_busy(error: Exception) -> bool:
    cause = getattr(error.__cause__, "orig", None)
    return getattr(cause, "sqlite_errorname", "") in ("SQLITE_BUSY", "SQLITE_LOCKED")


def _renewed(file: Path) -> Database:
    """A new inbox in the place of one that cannot be used, or one in memory."""
    try:
        for suffix in ("", "-wal", "-shm"):
            part = Path(f"{file}{suffix}")
            if part.exists():
                part.rename(f"{file}.{time.time_ns()}.damaged{suffix}")
        return _opened(file)
    except (LedgerError, OSError):
        logger.exception("no inbox can be written; it is kept in memory")
        return _opened(None)
