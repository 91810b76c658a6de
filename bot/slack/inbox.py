"""What Slack delivered and was acknowledged, until it has been answered.

One SQLite file in the data directory, so that a question outlives the process it was put to: what
was acknowledged and not answered when the process died is answered by the next one. Deliveries
that come twice have one key and are recorded once.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

logger = logging.getLogger(__name__)

BUSY = 0.4  # seconds that recording may wait for another process; an acknowledgement waits for it
FRESH = 25 * 60  # seconds that a response_url can still be answered, of Slack's thirty minutes
KEPT = 24 * 3600  # seconds that answered deliveries are remembered, for their doubles

_SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    received REAL NOT NULL,
    answered REAL
)
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A line that somebody asks for, and where the reply goes.

    `key` is the same for a delivery and its doubles. `shared_by` is the asker's name when the
    reply is for the whole channel, else None: the reply is then seen by the asker alone.
    `received` is in seconds of the epoch.
    """

    key: str
    kind: Literal["command", "action"]
    line: str
    response_url: str
    received: float
    shared_by: str | None = None


class Inbox:
    """The deliveries of one data directory. Threads may share it."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(
            file, timeout=BUSY, isolation_level=None, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(_SCHEMA)

    def record(self, delivery: Delivery) -> bool:
        """Records a delivery; returns whether it is new.

        When it cannot be recorded (a full disk, another process that holds the file) that is
        logged and the delivery counts as new: an answer that may be lost in a crash is better
        than none.
        """
        try:
            with self._lock:
                done = self._database.execute(
                    "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, NULL)",
                    (delivery.key, json.dumps(asdict(delivery)), delivery.received),
                )
            return done.rowcount > 0
        except sqlite3.Error:
            logger.exception("a delivery could not be recorded")
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
                self._database.execute("DELETE FROM deliveries WHERE received < ?", (now - KEPT,))
        except sqlite3.Error:
            logger.exception("an answered delivery could not be noted")

    def waiting(self) -> list[Delivery]:
        """What was acknowledged, not answered, and can still be, the oldest first."""
        with self._lock:
            rows = self._database.execute(
                "SELECT content FROM deliveries WHERE answered IS NULL AND received > ? "
                "ORDER BY received",
                (time.time() - FRESH,),
            ).fetchall()
        return [Delivery(**json.loads(content)) for (content,) in rows]

    def close(self) -> None:
        with self._lock:
            self._database.close()
