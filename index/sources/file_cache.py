"""What is remembered of the files of sources, so that those unchanged are not read again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Protocol

from index.entry_json import entry_from_json, entry_to_json
from index.sources.files import Reading, Refusal
from index.sources.source import Source

UNSETTLED = 0  # in place of a modification time that says nothing: the digest decides
_PARSERS = (
    *("beautifulsoup4", "charset-normalizer", "markdown-it-py", "mdit-py-plugins", "openpyxl"),
    *("pyyaml", "rapidfuzz"),
)
_INDEX = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class CachedFile:
    """A file as it was when it was last read, and what it gave.

    `size` is in bytes; `modified` in nanoseconds since 1970, or `UNSETTLED` for a file that was
    written so shortly before that it may have changed again within one tick of the clock;
    `digest` is SHA-256 of its bytes, hexadecimal. The entries of `reading` have no source yet.
    """

    size: int
    modified: int
    digest: str
    reading: Reading

    def to_json(self) -> str:
        """Lines of JSON: what is known of the file, then its entries, one a line."""
        head = {
            "size": self.size,
            "modified": self.modified,
            "digest": self.digest,
            "refused": [asdict(refusal) for refusal in self.reading.refused],
            "licence": self.reading.licence,
        }
        entries = map(entry_to_json, self.reading.entries)
        return "\n".join((json.dumps(head, ensure_ascii=False), *entries))

    @classmethod
    def from_json(cls, text: str) -> CachedFile:
        """What `to_json` wrote; raises `ValueError`, `KeyError` or `TypeError` when the text is
        another."""
        first, *entries = text.split("\n")
        head = json.loads(first)
        refused = tuple(Refusal(**refusal) for refusal in head["refused"])
        reading = Reading(tuple(map(entry_from_json, entries)), refused, head["licence"])
        return cls(head["size"], head["modified"], head["digest"], reading)


class FileCache(Protocol):
    """What is remembered of the files of sources."""

    def files(self, source: str, reader: str, /) -> Mapping[str, CachedFile]:
        """The files of the source of this name by path, as far as this reader has read them."""

    def keep_files(
        self, source: str, reader: str, changed: Mapping[str, CachedFile], gone: Collection[str], /
    ) -> None:
        """Remembers the files of a source that are new or have changed, by path, and forgets those
        that are gone and what another reader read."""


def reader_of(source: Source) -> str:
    """SHA-256 over all that decides, besides a file itself, what it gives: the path and columns
    of its source and the code that reads it; hexadecimal."""
    said = [source.path, sorted(source.columns.items()), _code()]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@cache
def _code() -> str:
    """SHA-256 over the readers' own text and the versions of the parsers that they call."""
    digest = hashlib.sha256()
    for path in (*sorted((_INDEX / "sources").rglob("*.py")), *sorted(_INDEX.glob("*.py"))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _PARSERS:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    return digest.hexdigest()
