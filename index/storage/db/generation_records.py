"""Records of generations in the ledger."""

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
INDEX_FORMAT = 5  # format of a generation's files; raised whenever they change


@dataclass(frozen=True, slots=True)
class CurrentGeneration:
    """The current generation (None before the first build), and whether scheduled reindexing is
    paused."""

    generation: str | None
    paused: bool


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """A generation in the ledger. `outcome` is the result of its reindex
    (`index.indexing.reindex.ReindexResult`), `manifest` its manifest as JSON, `note` describes
    later events. `format` is the format of its files and manifest; only `INDEX_FORMAT` can be
    opened."""

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
        return self.format == INDEX_FORMAT

    @property
    def is_newer(self) -> bool:
        return self.format > INDEX_FORMAT


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """A change to an entry in a generation. `entry` is the entry's id."""

    entry: str
    change: Change


def record_of(row: Mapping[Any, Any]) -> GenerationRecord:
    return GenerationRecord(
        **{
            **row,
            "built": datetime.fromtimestamp(row["built"], UTC),
            "outcome": json.loads(row["outcome"]),
            "digests": json.loads(row["digests"] or "{}"),
        }
    )


def digest_of_content(content: str) -> str:
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
