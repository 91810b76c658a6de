"""What a backup holds, and what it says of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from bot.admin.imports import FOLDER
from index.errors import NearsayError
from index.store.ledger.database import FILE

FORMAT = 1
MANIFEST = "manifest.json"
DATABASES = (FILE, "inbox.sqlite3")  # of the data directory; one that is not there is left out


class BackupError(NearsayError):
    """A backup cannot be made, or not be restored."""

    code = "backup"


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a backup: its size in bytes, and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    `ledger` is the version of the ledger's tables, empty where the ledger is in PostgreSQL and not
    in the backup; `directory` the data directory it was made of; `files` its members by name.
    """

    made: str
    nearsay: str
    ledger: str
    directory: str
    files: Mapping[str, Member]
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """Raises `BackupError` for one that this Nearsay cannot read, or that names files which no
        backup has."""
        try:
            fields: dict[str, Any] = json.loads(content)
            if (form := int(fields["format"])) > FORMAT:
                raise BackupError(
                    f"The backup has form {form}; this Nearsay reads forms up to {FORMAT}.",
                    "Restore it with the version of Nearsay that made it, or a later one.",
                )
            files = {
                str(name): Member(int(member["size"]), str(member["sha256"]))
                for name, member in fields.pop("files").items()
            }
            manifest = cls(
                made=str(fields["made"]),
                nearsay=str(fields["nearsay"]),
                ledger=str(fields["ledger"]),
                directory=str(fields["directory"]),
                files=files,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(
                "The file is no backup of Nearsay: what it says of itself cannot be read.",
                "Name a file that `nearsay backup` wrote.",
            ) from error
        for name, member in files.items():
            if not _may_be_in_one(name) or member.size < 0:
                raise BackupError(
                    f"The backup holds {name[:80]!r}, which no backup of Nearsay does.",
                    "Restore only what `nearsay backup` wrote.",
                )
        return manifest


def _may_be_in_one(name: str) -> bool:
    """Whether a backup has a file of that name: never one that leads out of the data directory."""
    path = PurePosixPath(name)
    if "\\" in name or ":" in name or "\0" in name or str(path) != name or ".." in path.parts:
        return False
    return name in DATABASES or (len(path.parts) > 1 and path.parts[0] == FOLDER)


def member_of(file: Path) -> Member:
    with file.open("rb") as stream:
        return Member(file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())
