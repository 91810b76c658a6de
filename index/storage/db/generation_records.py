"""What the ledger knows of a generation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from index.entry import Entry
from index.entry_json import entry_to_json

State = Literal["building", "ready", "damaged", "removed"]
Change = Literal["added", "changed", "removed"]
WITH_FILES: tuple[State, ...] = ("ready", "damaged")
INDEX_FORMAT = 3  # of the files of a generation; raised whenever they change


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is current (None before the first), since when, and whether scheduled
    reindexing waits for an admin."""

    generation: str | None
    switched: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """A generation as the ledger knows it.

    `outcome` holds the result of the reindex that built it (`index.build.reindex.Reindexed`),
    `manifest` its manifest as JSON, `note` what happened to it since. `format` is that of its
    files and manifest: only those of `INDEX_FORMAT` can be opened.
    """

    name: str
    state: State
    built: datetime
    by: str
    outcome: Mapping[str, Any]
    manifest: str
    digests: Mapping[str, str]
    note: str
    format: int

    @property
    def can_be_opened(self) -> bool:
        """Whether its files have the format of this version of Nearsay."""
        return self.format == INDEX_FORMAT

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of Nearsay built it, in a format of its own."""
        return self.format > INDEX_FORMAT


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """What befell an entry, by its id, and in which generation."""

    entry: str
    change: Change
    generation: str
    at: datetime


def record_of(row: Mapping[Any, Any]) -> GenerationRecord:
    """The generation of a row of `generations`."""
    return GenerationRecord(
        **{
            **row,
            "built": datetime.fromtimestamp(row["built"], UTC),
            "outcome": json.loads(row["outcome"]),
            "digests": json.loads(row["digests"] or "{}"),
        }
    )


def digest_of_content(content: str) -> str:
    """SHA-256 of an entry's content, hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def version_row(entry: Entry) -> dict[str, str]:
    """A row of `entry_versions`: an entry as it is, under the digest of its content."""
    content = entry_to_json(entry)
    return {
        "digest": digest_of_content(content),
        "entry": entry.id,
        "source": entry.source,
        "content": content,
    }
