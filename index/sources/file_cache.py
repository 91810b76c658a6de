"""Cache parsed source files, so that unchanged files are not parsed again."""

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

_PARSERS = (
    *("beautifulsoup4", "charset-normalizer", "defusedxml", "markdown-it-py", "mdit-py-plugins"),
    *("openpyxl", "pyyaml", "rapidfuzz", "rdflib"),
)
_INDEX = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class CachedFile:
    """The parsed content of a file. `digest` is the hexadecimal SHA-256 of the file's bytes. The
    entries in `reading` have no source yet."""

    digest: str
    reading: Reading

    def to_json(self) -> str:
        """Return JSON lines: a header for the file, then one entry per line."""
        head = {
            "digest": self.digest,
            "refused": [asdict(refusal) for refusal in self.reading.refused],
            "licence": self.reading.licence,
            "ignored": self.reading.ignored,
        }
        entries = map(entry_to_json, self.reading.entries)
        return "\n".join((json.dumps(head, ensure_ascii=False), *entries))

    @classmethod
    def from_json(cls, text: str) -> CachedFile:
        """Parse the output of `to_json`; raises `ValueError`, `KeyError` or `TypeError` for any
        other text."""
        first, *entries = text.split("\n")
        head = json.loads(first)
        refused = tuple(Refusal(**refusal) for refusal in head["refused"])
        reading = Reading(
            tuple(map(entry_from_json, entries)), refused, head["licence"], tuple(head["ignored"])
        )
        return cls(head["digest"], reading)


class FileCache(Protocol):
    """A store of parsed files, by source and reader. A reader is a digest from `reader_of`."""

    def files(self, source: str, reader: str, /) -> Mapping[str, CachedFile]:
        """Return the files of a source that were parsed by this reader, by path."""

    def keep_files(
        self, source: str, reader: str, changed: Mapping[str, CachedFile], gone: Collection[str], /
    ) -> None:
        """Save the new and changed files of a source, by path. Delete removed files and those
        parsed by another reader."""


def reader_of(source: Source) -> str:
    """Return the hexadecimal SHA-256 of the settings and code that parse the files of a source: its
    path, its columns, and the parsers."""
    said = [source.path, sorted(source.columns.items()), _code()]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@cache
def _code() -> str:
    """Return the SHA-256 of the readers' source code and the versions of their parsers."""
    digest = hashlib.sha256()
    for path in (*sorted((_INDEX / "sources").rglob("*.py")), *sorted(_INDEX.glob("*.py"))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _PARSERS:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    return digest.hexdigest()
