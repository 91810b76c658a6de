"""Open the current generation of a data directory without writing to the directory."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.errors import IndexMissing, IndexOutdated, LedgerError, StoreError
from index.storage.db.database import FILE
from index.storage.db.generation_records import INDEX_FORMAT
from index.storage.db.oldest import require_supported_file
from index.storage.directories import Folders
from index.storage.generation import Generation

_CURRENT = """
    SELECT name, format FROM generations JOIN pointer ON pointer.generation = generations.name
"""


def open_read_only(directory: Path) -> Generation:
    """Open the current generation of the SQLite ledger in `directory`, for a few queries. Nothing
    there is written, locked, migrated or repaired, so that a service may run meanwhile. A reindex
    that removes the generation is not seen; open it again. Raises `IndexMissing`, `IndexOutdated`
    or another `StoreError` if there is no generation that this version can read."""
    file = directory / FILE
    if not file.is_file():
        raise StoreError(
            f"There is no index in {directory}: it has no {FILE}.",
            "Give the data directory that `nearsay doctor` prints. An index whose ledger is in "
            "PostgreSQL is not read; read an export of it: nearsay export DIR",
        )
    require_supported_file(file)
    name, its_format = _current(file)
    if its_format > INDEX_FORMAT:
        raise StoreError(
            f"A newer version of Nearsay built the index {name}, in a format that this version "
            "cannot read.",
            "Install that version.",
        )
    if its_format < INDEX_FORMAT:
        raise IndexOutdated(
            f"An older version of Nearsay built the index {name}, which has to be rebuilt first.",
            "Rebuild it with: nearsay index",
        )
    generation = Generation(Folders(directory).of(name), brief=True)
    generation.warm()
    return generation


def _current(file: Path) -> tuple[str, int]:
    """Return the name and the format of the current generation."""
    log = Path(f"{file}-wal")
    # Without a log, no process has the ledger open; SQLite would create the log to read it.
    options = "mode=ro" if log.exists() else "immutable=1"
    uri = f"{file.absolute().as_uri()}?{options}"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            row = connection.execute(_CURRENT).fetchone()
    except sqlite3.Error as error:
        raise LedgerError(
            f"The ledger {file} cannot be read: {error}.", "Check it with: nearsay doctor"
        ) from error
    if row is None:
        raise IndexMissing
    return str(row[0]), int(row[1])
