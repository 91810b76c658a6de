"""The lease for building the index. Only one process, on any machine, holds it at a time."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select, update

from index.errors import Cancelled, LedgerError, StoreBusy
from index.progress import Progress
from index.storage.db.database import Database
from index.storage.db.part import LedgerPart
from index.storage.db.schema import lease

logger = logging.getLogger(__name__)

HEARTBEAT_S = 1.0
EXPIRY = 20.0  # seconds without a heartbeat after which a holder counts as dead


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of the lease: a description, and the machine and data directory of its build."""

    words: str
    directory: str

    @classmethod
    def here(cls, by: str, directory: Path) -> Holder:
        host = socket.gethostname()
        return cls(f"{by} (process {os.getpid()} on {host})", f"{host}:{directory.resolve()}")


@dataclass(frozen=True, slots=True)
class RunningBuild:
    """A running build: its holder, its start (seconds since the epoch) and its progress."""

    holder: str
    since: float
    phase: str
    done: int
    total: int


class Lease(LedgerPart):
    """The lease for building, with a heartbeat while it is held. Thread-safe."""

    def building(self) -> RunningBuild | None:
        """Return the running build, or None if there is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(lease)).mappings().first()
            if row is None or not _lives(row["heartbeat"], self._database.clock(connection)):
                return None
        return RunningBuild(row["holder"], row["taken"], row["phase"], row["done"], row["total"])

    def cancel(self) -> RunningBuild | None:
        """Ask the running build to stop; return the build, or None if there is none."""
        building = self.building()
        if building is not None:
            with self._database.writing() as connection:
                connection.execute(update(lease).values(cancelled=True))
        return building

    @contextmanager
    def held(self, holder: Holder) -> Iterator[Heartbeat]:
        """Hold the lease during the block. Raises `StoreBusy` at once if another process holds it.
        The caller holds the lock of the data directory, so an old holder in the same directory is
        dead. Any other holder is dead if its heartbeat has stopped."""
        token = secrets.token_hex(16)
        with self._database.writing() as connection:
            now = self._database.clock(connection)
            row = connection.execute(select(lease)).mappings().first()
            if row is not None:
                elsewhere = row["directory"] != holder.directory
                if elsewhere and _lives(row["heartbeat"], now):
                    raise busy_error(row["holder"])
                connection.execute(delete(lease).where(lease.c.token == row["token"]))
            ours = {
                "name": "reindex",
                "token": token,
                "holder": holder.words,
                "directory": holder.directory,
                "taken": now,
                "heartbeat": now,
                "phase": "",
                "done": 0,
                "total": 0,
                "cancelled": False,
            }
            # On PostgreSQL, others may get here too; the first to insert a row gets the lease.
            if not self._database.add_one(connection, lease, ours):
                row = connection.execute(select(lease)).mappings().first()
                raise busy_error(row["holder"] if row is not None else "another process")
        beat = Heartbeat(self._database, token)
        try:
            yield beat
        finally:
            beat.stop()


class Heartbeat:
    """The heartbeat thread for a held lease."""

    def __init__(self, database: Database, token: str) -> None:
        self._database = database
        self._token = token
        self._progress = ("", 0, 0)
        self._trouble = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def report(self, phase: str, done: int, total: int) -> None:
        """Report progress, which the next heartbeat writes. Raises `Cancelled` if the build was
        cancelled, and `StoreBusy` if the lease was lost."""
        self._progress = (phase, done, total)
        if self._trouble == "cancelled":
            raise Cancelled("The reindex was stopped; no source was updated.", "")
        if self._trouble == "lost":
            raise StoreBusy(
                "Another process took over the build, since this one missed its heartbeats.",
                "Nothing has changed; try again when that process has finished.",
            )

    def reporting_to(self, progress: Progress) -> Progress:
        """Return a progress callback that reports to the lease and then to `progress`."""

        def both(phase: str, done: int, total: int) -> None:
            self.report(phase, done, total)
            progress(phase, done, total)

        return both

    def stop(self) -> None:
        """Stop the heartbeat and release the lease."""
        self._stopped.set()
        self._thread.join()
        try:
            with self._database.writing() as connection:
                connection.execute(delete(lease).where(lease.c.token == self._token))
        except LedgerError:
            logger.exception("Could not release the lease; it will expire")

    def _run(self) -> None:
        while not self._stopped.wait(HEARTBEAT_S):
            try:
                self._beat()
            except LedgerError:
                # A few missed heartbeats are harmless; without the database, the switch fails.
                logger.warning("Could not write a heartbeat", exc_info=True)

    def _beat(self) -> None:
        phase, done, total = self._progress
        with self._database.writing() as connection:
            cancelled = connection.execute(
                update(lease)
                .where(lease.c.token == self._token)
                .values(
                    heartbeat=self._database.clock(connection), phase=phase, done=done, total=total
                )
                .returning(lease.c.cancelled)
            ).scalar()
        if cancelled is None:
            self._trouble = "lost"
        elif cancelled:
            self._trouble = "cancelled"


def _lives(heartbeat: float, now: float) -> bool:
    """Return whether a holder is alive: its heartbeat is within `EXPIRY` seconds of `now`. A
    heartbeat further in the future means that the clock was set back."""
    return abs(now - heartbeat) <= EXPIRY


def busy_error(holder: str) -> StoreBusy:
    return StoreBusy(
        f"The index is already being built by {holder}.",
        "Wait until that build has finished, or stop it with: /near-admin reindex cancel",
    )
