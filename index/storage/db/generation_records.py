"""What the ledger records about a generation."""

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
INDEX_FORMAT = 3  # format of a generation's files; raised whenever they change


@dataclass(frozen=True, slots=True)
class Pointer:
    """The current generation (None before the first), since when, and whether reindexing is paused.

    While it is paused, scheduled reindexing waits for an admin.
    """

    generation: str | None
    switched: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """A generation as the ledger records it.

    `outcome` is the result of the reindex that built it (`index.build.reindex.Reindexed`),
    `manifest` its manifest as JSON, `note` what happened to it since. `format` is that of its files
    and manifest; only `INDEX_FORMAT` can be opened.
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
        """Whether a newer version of Nearsay built it, in a newer format."""
        return self.format > INDEX_FORMAT


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """A change of an entry, by its id, and the generation that brought it."""

    entry: str
    change: Change
    generation: str
    at: datetime


def record_of(row: Mapping[Any, Any]) -> GenerationRecord:
    """Convert a row of `generations`."""
    return GenerationRecord(
        **{
            **row,
            "built": datetime.fromtimestamp(row["built"], UTC),
            "outcome": json.loads(row["outcome"]),
            "digests": json.loads(row["digests"] or "{}"),
        }
    )


def digest_of_content(content: str) -> str:
    """Return the SHA-256 of an entry's content, hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def version_row(entry: Entry) -> dict[str, str]:
    """Return the row of `entry_versions` for an entry, keyed by the digest of its content."""
    content = entry_to_json(entry)
    return {
        "digest": digest_of_content(content),
        "entry": entry.id,
        "source": entry.source,
        "content": content,
    }
