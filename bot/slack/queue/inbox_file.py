"""The SQLite file of an inbox that only one process uses."""

import logging
import time
from pathlib import Path

from sqlalchemy import func, select, text

from index.errors import LedgerError
from index.storage.db.database import Database
from index.storage.db.schema import deliveries

logger = logging.getLogger(__name__)

OPEN_TIMEOUT_S = 10  # seconds to wait at startup for a file that another process has locked

# The schema of the file, as in version 0.1.0. It needs no column for the process.
_TABLE = """
CREATE TABLE IF NOT EXISTS deliveries (
    key TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    received REAL NOT NULL,
    answered REAL
)
"""


def opened(file: Path, busy: float) -> Database:
    """Open the file; an operation waits up to `busy` seconds. An unusable file is renamed and
    replaced. If another process has locked the file, or no file can be written, the database is in
    memory."""
    try:
        return _open_with_retry(file, busy)
    except (LedgerError, OSError) as error:
        if _is_busy(error):
            logger.warning("the inbox %s is locked by another process; using memory", file)
            return _open(None, busy)
        logger.exception("the inbox %s cannot be opened; replacing it", file)
        return _replace(file, busy)


def _open(file: Path | None, busy: float) -> Database:
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    database = Database.of_file(file, busy)
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


def _open_with_retry(file: Path, busy: float) -> Database:
    deadline = time.monotonic() + OPEN_TIMEOUT_S
    while True:
        try:
            return _open(file, busy)
        except LedgerError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _is_busy(error: Exception) -> bool:
    cause = getattr(error.__cause__, "orig", None)
    return getattr(cause, "sqlite_errorname", "") in ("SQLITE_BUSY", "SQLITE_LOCKED")


def _replace(file: Path, busy: float) -> Database:
    try:
        for suffix in ("", "-wal", "-shm"):
            part = Path(f"{file}{suffix}")
            if part.exists():
                part.rename(f"{file}.{time.time_ns()}.damaged{suffix}")
        return _open(file, busy)
    except (LedgerError, OSError):
        logger.exception("the inbox cannot be written; using memory")
        return _open(None, busy)
