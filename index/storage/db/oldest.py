"""The oldest schema version that is read. Older ledgers are refused, and their files left alone."""

import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from index.errors import LedgerError

OLDEST = "0007"  # the first revision in migrations/versions


def require_supported(name: str, found: str | None) -> None:
    """Raise `LedgerError` if the ledger `name` has a schema version before `OLDEST`."""
    if found is not None and found < OLDEST:
        raise LedgerError(
            f"The ledger {name} was written by a version of Nearsay before 1.0.0 (schema {found}), "
            "which this version cannot read; nothing was changed.",
            "With the old version, export the entries: nearsay export DIR. Then set "
            "NEARSAY_DATA_DIR to an empty folder (with PostgreSQL, DATABASE_URL to an empty "
            "database), and index them: nearsay index --source DIR.",
        )


def require_supported_file(file: Path) -> None:
    """Raise `LedgerError` if a SQLite ledger has a schema version before `OLDEST`.

    Does not write to the file's folder, which opening a ledger does. Damaged files pass: opening
    them reports the damage.
    """
    found = _version(file)
    if found is None or found < OLDEST:
        # The log may have a later version than the file.
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / file.name
            try:
                shutil.copyfile(f"{file}-wal", f"{copy}-wal")
                shutil.copyfile(file, copy)
                found = _version(copy, "mode=rw")
            except (FileNotFoundError, NotADirectoryError):  # the log is in the file by now
                found = _version(file)
    require_supported(str(file), found)


def _version(file: Path, mode: str = "immutable=1") -> str | None:
    with suppress(sqlite3.Error):
        uri = f"{file.absolute().as_uri()}?{mode}"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else None
    return None
