"""The format of a backup."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter, ValidationError

from bot.admin.imports import FOLDER
from index.errors import NearsayError
from index.storage.db.database import FILE

FORMAT = 2  # format 1, whose manifest lists every file, can also be read
MANIFEST = "manifest.json"
DATABASES = (FILE, "inbox.sqlite3")  # in the data directory; missing files are skipped


class BackupError(NearsayError):
    """A backup cannot be made or restored."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """The manifest of a backup.

    `made` is the time of the backup (ISO 8601) and `nearsay` the version that made it. `ledger` is
    the schema version of the ledger, empty if the ledger is in PostgreSQL and not in the backup.
    `directory` is the data directory that was backed up.
    """

    made: str
    nearsay: str
    ledger: str
    directory: str
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def from_json(cls, content: bytes) -> BackupManifest:
        """Parse a manifest. Raises `BackupError` when this version of Nearsay cannot read it."""
        try:
            manifest = TypeAdapter(cls).validate_json(content)
        except ValidationError as error:
            raise BackupError(
                "The file is not a Nearsay backup: its manifest cannot be read.",
                "Name a file written by `nearsay backup`.",
            ) from error
        if manifest.format > FORMAT:
            raise BackupError(
                f"The backup has format {manifest.format}; this version reads up to {FORMAT}.",
                "Restore it with the version of Nearsay that made it, or a later one.",
            )
        return manifest


def is_backup_member(name: str) -> bool:
    """Return whether a backup can contain a file of that name; rejects paths outside the data
    directory."""
    path = PurePosixPath(name)
    if "\\" in name or ":" in name or "\0" in name or str(path) != name or ".." in path.parts:
        return False
    return name in DATABASES or (len(path.parts) > 1 and path.parts[0] == FOLDER)


def is_whole(database: Path) -> bool:
    """Return whether a SQLite database is undamaged."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False
