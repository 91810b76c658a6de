"""What Slack delivered and was acknowledged, until it has been answered.

It is kept so that a question outlives the process it was put to: what was acknowledged and not
answered when the process died is answered by another one. Deliveries that come twice have one key
and are recorded once. Processes that share a PostgreSQL database share an inbox in it (see
`shared_inbox`); any other has a SQLite file in its data directory.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, Protocol

from index.codec import from_fields
from index.store.ledger import Place

logger = logging.getLogger(__name__)

BUSY = 0.4  # seconds that recording may wait for another process; an acknowledgement waits for it
PATIENCE = 10  # seconds that a start may wait for another process to let go
FRESH = 25 * 60  # seconds that a response_url can still be answered, of Slack's thirty minutes
KEPT = 24 * 3600  # seconds that answered deliveries are remembered, for their doubles
FORGETTING = 60  # seconds between two looks for what need not be remembered any more

_SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    received REAL NOT NULL,
    answered REAL
)
"""


Kind = Literal["command", "action", "vote", "question", "reply", "edit", "deletion", "upload"]
"""A vote is a button of feedback, whose line is the action and the question. Four are
what people say: a question is put to the bot; a reply in a thread may be; an edit and a deletion
are of a message that may have been one. An upload is files that were sent to the bot; its line
says which."""


class Seldom:
    """Tells when what need not be done each time is due: at first, and then every so many seconds.
    Of threads that ask at the same moment several may be told so."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = float("-inf")

    def due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True


@dataclass(frozen=True, slots=True)
class Delivery:
    """A line that somebody asks for, and where the reply goes.

    `key` is the same for a delivery and its doubles. `shared_by` is the asker's name when the
    reply is for the whole channel, else None: the reply is then seen by the asker alone.
    `received` is in seconds of the epoch. `user` and `channel` are the ids of who asked and
    where, `user_name` what they are called. For a button whose message is to change, `message` is
    its timestamp and `told` what it says; for what somebody said, it is the timestamp of that
    message, and `thread` that of the thread to answer in, empty for a direct message outside one.
    `place` is what sort of conversation it is, where Slack said so. `posted` is the channel and
    timestamp of a message that tells how far the work is, once there is one. Where it
    `replaces`, the reply takes the place of the message that was pressed.
    """

    key: str
    kind: Kind
    line: str
    response_url: str
    received: float
    shared_by: str | None = None
    user: str = ""
    channel: str = ""
    message: str = ""
    told: str = ""
    user_name: str = ""
    posted: tuple[str, str] | None = None
    thread: str = ""
    place: Place | None = None
    replaces: bool = False

    @property
    def question(self) -> str:
        """What tells this question from every other in its conversation."""
        return self.message or self.key


class Inbox(Protocol):
    """The deliveries of one process or of several. Threads may share it."""

    def record(self, delivery: Delivery) -> bool:
        """Records a delivery; returns whether it is new. Takes at most `BUSY` seconds.

        When it cannot be recorded (a full disk, a database that does not answer) that is logged
        and the delivery counts as new: an answer that may be lost in a crash is better than none.
        """

    def is_first(self, signature: str) -> bool:
        """Whether no other process has had a request of this signature; where that cannot be told
        it counts as the first. Takes at most `BUSY` seconds."""

    def answered(self, delivery: Delivery) -> None:
        """Notes that a delivery needs nothing more."""

    def amend(self, delivery: Delivery) -> None:
        """Keeps what is known of a recorded delivery by now, for a process that takes it over."""

    def waiting(self) -> list[Delivery]:
        """What processes that are gone acknowledged, did not answer, and can still be answered,
        the oldest first: this process answers it now."""

    def alone(self, channel: str, thread: str) -> AbstractContextManager[None]:
        """No other process works on the same conversation during the block."""

    def count(self) -> int:
        """How many deliveries are acknowledged and not answered yet. Raises what the database
        does."""

    def close(self) -> None: ...


class FileInbox:
    """The deliveries of one data directory. Threads may share it."""

    def __init__(self, file: Path) -> None:
        """Opens the inbox in `file`. A damaged file is put aside, and where none can be written
        the inbox lives in memory: the bot serves on, and only a crash loses what it holds."""
        self._lock = threading.Lock()
        self._forgetting = Seldom(FORGETTING)
        try:
            self._database = _patiently(file)
        except (sqlite3.Error, OSError) as error:
            if _is_busy(error):
                logger.warning("the inbox %s is held by another process; memory is used", file)
                self._database = _open(":memory:")
            else:
                logger.exception("the inbox %s cannot be used and is put aside", file)
                self._database = _renewed(file)

    def record(self, delivery: Delivery) -> bool:
        """Records a delivery; returns whether it is new."""
        if not self._lock.acquire(timeout=BUSY):
            logger.error("a delivery could not be recorded: the inbox is busy")
            return True
        try:
            done = self._database.execute(
                "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, NULL)",
                (delivery.key, content_of(delivery), delivery.received),
            )
            return done.rowcount > 0
        except sqlite3.Error:
            logger.exception("a delivery could not be recorded")
            return True
        finally:
            self._lock.release()

    def is_first(self, signature: str) -> bool:  # noqa: ARG002
        """One process has the directory, which remembers by itself what it had."""
        return True

    def answered(self, delivery: Delivery) -> None:
        """Notes that a delivery needs nothing more."""
        now = time.time()
        try:
            with self._lock:
                self._database.execute(
                    "UPDATE deliveries SET answered = ?, content = '' WHERE key = ?",
                    (now, delivery.key),
                )
                if self._forgetting.due():
                    old = "DELETE FROM deliveries WHERE received < ?"
                    self._database.execute(old, (now - KEPT,))
        except sqlite3.Error:
            logger.exception("an answered delivery could not be noted")

    def amend(self, delivery: Delivery) -> None:
        """Keeps what is known of a recorded delivery by now, for a process that takes it over."""
        try:
            with self._lock:
                self._database.execute(
                    "UPDATE deliveries SET content = ? WHERE key = ?",
                    (content_of(delivery), delivery.key),
                )
        except sqlite3.Error:
            logger.exception("what is known of a delivery could not be kept")

    def waiting(self) -> list[Delivery]:
        """What was acknowledged, not answered, and can still be, the oldest first."""
        try:
            with self._lock:
                rows = self._database.execute(
                    "SELECT content FROM deliveries WHERE answered IS NULL AND received > ? "
                    "ORDER BY received",
                    (time.time() - FRESH,),
                ).fetchall()
        except sqlite3.Error:
            logger.exception("what is waiting in the inbox could not be read")
            return []
        return [delivery for (content,) in rows if (delivery := delivery_of(content)) is not None]

    def alone(self, channel: str, thread: str) -> AbstractContextManager[None]:  # noqa: ARG002
        """One process has the directory; its threads keep conversations apart themselves."""
        return nullcontext()

    def count(self) -> int:
        """How many deliveries are acknowledged and not answered yet. Raises `sqlite3.Error`."""
        with self._lock:
            unanswered = "SELECT count(*) FROM deliveries WHERE answered IS NULL"
            return int(self._database.execute(unanswered).fetchone()[0])

    def close(self) -> None:
        with self._lock:
            self._database.close()


def _open(file: Path | str) -> sqlite3.Connection:
    if isinstance(file, Path):
        file.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(file, timeout=BUSY, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        # What is deleted is overwritten, and no page has what memory held before it.
        database.execute("PRAGMA secure_delete=ON")
        known = database.execute("SELECT name FROM sqlite_master").fetchall()
        if ("deliveries",) not in known:
            database.execute(_SCHEMA)
        database.execute("SELECT count(*) FROM deliveries").fetchall()
    except sqlite3.Error:
        database.close()
        raise
    return database


def _patiently(file: Path) -> sqlite3.Connection:
    """Opens the inbox; another process that is just opening it is waited for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return _open(file)
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorname in (
        "SQLITE_BUSY",
        "SQLITE_LOCKED",
    )


def _renewed(file: Path) -> sqlite3.Connection:
    """A new inbox in the place of one that cannot be used, or one in memory."""
    try:
        for suffix in ("", "-wal", "-shm"):
            part = Path(f"{file}{suffix}")
            if part.exists():
                part.rename(f"{file}.{time.time_ns()}.damaged{suffix}")
        return _open(file)
    except (sqlite3.Error, OSError):
        logger.exception("no inbox can be written; it is kept in memory")
        return _open(":memory:")


def content_of(delivery: Delivery) -> str:
    """A delivery as a row has it."""
    return json.dumps({field.name: getattr(delivery, field.name) for field in fields(delivery)})


def delivery_of(content: str) -> Delivery | None:
    """The delivery of a row, or None for one that this version cannot read."""
    try:
        fields = json.loads(content)
        posted = fields.get("posted")
        return from_fields(Delivery, fields | {"posted": tuple(posted) if posted else None})
    except (ValueError, TypeError, AttributeError):
        logger.warning("a recorded delivery cannot be read and is passed over")
        return None
