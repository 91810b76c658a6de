"""What a backup holds, and what it says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from bot.admin.imports import FOLDER
from index.errors import NearsayError
from index.storage.db.database import FILE

FORMAT = 2  # 1 named every file in its manifest; it is read as well
MANIFEST = "manifest.json"
DATABASES = (FILE, "inbox.sqlite3")  # of the data directory; one that is not there is left out


class BackupError(NearsayError):
    """A backup cannot be made, or not be restored."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup says of itself.

    `ledger` is the version of the ledger's tables, empty where the ledger is in PostgreSQL and not
    in the backup; `directory` the data directory it was made of.
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
        """Raises `BackupError` for one that this Nearsay cannot read."""
        try:
            fields: dict[str, Any] = json.loads(content)
            texts = {name: str(fields[name]) for name in ("made", "nearsay", "ledger", "directory")}
            manifest = cls(**texts, format=int(fields["format"]))
        except (ValueError, KeyError, TypeError) as error:
            raise BackupError(
                "The file is no backup of Nearsay: what it says of itself cannot be read.",
                "Name a file that `nearsay backup` wrote.",
            ) from error
        if manifest.format > FORMAT:
            raise BackupError(
                f"The backup has form {manifest.format}; this Nearsay reads forms up to {FORMAT}.",
                "Restore it with the version of Nearsay that made it, or a later one.",
            )
        return manifest


def may_be_in_one(name: str) -> bool:
    """Whether a backup has a file of that name: never one that leads out of the data directory."""
    path = PurePosixPath(name)
    if "\\" in name or ":" in name or "\0" in name or str(path) != name or ".." in path.parts:
        return False
    return name in DATABASES or (len(path.parts) > 1 and path.parts[0] == FOLDER)
