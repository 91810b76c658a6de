"""A source (a named glossary), and the report on reading it."""

from __future__ import annotations

import glob
import hashlib
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path

from index.entry import Entry
from index.names import name_key
from index.sources.files import Refusal
from index.sources.web_address import WebAddress, is_web, shown
from index.text import clean

BUNDLED = "encyclopedia"
WRITTEN = "written"  # the source of entries written in Nearsay
NAMED = "="  # between the name of a source and its path


@dataclass(frozen=True, slots=True)
class Source:
    """A named glossary: a file, a folder, a pattern such as `terms/*.csv`, or a web address.

    `columns` maps fields to columns or keys whose names are not recognized. The query of an address
    may hold a secret: show `shown`, not `path`.
    """

    name: str
    path: str = field(repr=False)
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, name: str = "") -> Source:
        """Parse `name=path`, or a path; by default, the name is that of the file or folder, or of
        the host. A web address is not checked."""
        before, sign, after = text.partition(NAMED)
        if not name and sign and before and not any(sep in before for sep in "/\\"):
            name, text = before, after
        text = text.strip()
        if is_web(text):
            return cls(slug(name or _web_name(text)), text)
        plain = [part for part in Path(text).parts if not glob.has_magic(part)]
        return cls(slug(name or (Path(plain[-1]).stem if plain else "source")), text)

    def __str__(self) -> str:
        return f"{self.name}{NAMED}{self.shown}"

    @property
    def shown(self) -> str:
        """The path as it may be shown: of a web address only the host and the path."""
        return shown(self.path)

    @property
    def is_web(self) -> bool:
        """Whether it is fetched from a web address."""
        return is_web(self.path)

    @property
    def is_missing(self) -> bool:
        """Whether its file or folder does not exist. A pattern or an address is never missing."""
        return (
            not self.is_web
            and not glob.has_magic(self.path)
            and not Path(self.path).expanduser().exists()
        )


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The report on reading one source.

    `senses` counts the meanings of its entries. `merged` counts entries equal to an earlier entry,
    and `kept` counts entries with the id of a different entry, which were given a new id.
    `unchanged` counts the files that were not parsed again. `digest` is the hexadecimal SHA-256 of
    the reader and all files: the same digest means the same entries. `first` is the first entry,
    shortened, which shows whether the columns were understood. `ignored` has the names of columns
    and keys that are not kept.
    """

    name: str
    path: str
    files: int
    entries: int
    senses: int
    merged: int
    kept: int
    refused: tuple[Refusal, ...]
    licence: str
    unchanged: int = 0
    digest: str = ""
    first: str = ""
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The entries of all sources, and a report on each source that was read."""

    entries: tuple[Entry, ...]
    sources: tuple[SourceReport, ...]

    @property
    def refused(self) -> tuple[Refusal, ...]:
        return tuple(refusal for source in self.sources for refusal in source.refused)


def _web_name(text: str) -> str:
    try:
        address = WebAddress.parse(text)
    except ValueError:
        return ""
    return address.file.stem or address.host


def slug(name: str) -> str:
    """Convert a name to the form used in ids: `slug("Our Terms") == "our-terms"`. Undecodable bytes
    of a file's name are left out."""
    return "-".join(name_key(clean(name)).split()) or "source"


def bundled() -> Path:
    """Return the folder of the bundled encyclopedia's pages."""
    return Path(str(resources.files("index"))) / "encyclopedia"


def bundled_phrases() -> Path:
    """Return the file that maps ids of bundled entries to their search phrases."""
    return bundled().with_name("search_phrases.json")


def bundled_reviews() -> Path:
    """Return the folder of the review records of bundled pages."""
    return bundled().with_name("reviews")


def bundled_digest() -> str:
    """Return the hexadecimal SHA-256 of the bundled pages (names and contents), their review
    records and their search phrases."""
    digest = hashlib.sha256()
    pages, records = sorted(bundled().glob("*.md")), sorted(bundled_reviews().glob("*.json"))
    for path in (*pages, *records, bundled_phrases()):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def with_bundled_phrases(entries: Iterable[Entry]) -> list[Entry]:
    """Return the bundled `entries` with their search phrases."""
    phrases = _read_phrases(bundled_phrases())
    return [replace(entry, search_phrases=tuple(phrases.get(entry.id, ()))) for entry in entries]


def is_bundled_phrase(entry_id: str, text: str) -> bool:
    """Return whether `text` is a search phrase that comes with the encyclopedia. Others were added
    by admins, and may be questions of users."""
    return (entry_id, text) in _ids_and_phrases(bundled_phrases())


@cache
def _ids_and_phrases(path: Path) -> Set[tuple[str, str]]:
    phrases = _read_phrases(path)
    return {(entry_id, text) for entry_id, texts in phrases.items() for text in texts}


def _read_phrases(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(path.read_bytes())
    return found
