"""What a source is: a glossary under a name; and what became of it when it was read."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from index.entry import Entry
from index.names import name_key
from index.sources.files import Refusal

BUNDLED = "encyclopedia"
WRITTEN = "written"  # the source of entries that people wrote in Nearsay itself
NAMED = "="  # between the name of a source and its path


@dataclass(frozen=True, slots=True)
class Source:
    """A glossary under a name: a file, a folder, or a pattern such as `terms/*.csv`.

    `columns` says which column or key is which field, where their own names do not tell.
    """

    name: str
    path: str
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, name: str = "") -> Source:
        """`name=path`, or a path alone: the name is then that of the file or folder."""
        before, sign, after = text.partition(NAMED)
        if not name and sign and before and not any(sep in before for sep in "/\\"):
            name, text = before, after
        text = text.strip()
        plain = [part for part in Path(text).parts if not glob.has_magic(part)]
        return cls(slug(name or (Path(plain[-1]).stem if plain else "source")), text)

    def __str__(self) -> str:
        return f"{self.name}{NAMED}{self.path}"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one source.

    `senses` counts the meanings of its entries (one entry may have several), `merged` the
    entries that were the same as an earlier one, `kept` those that share a name with another of
    the source and stand beside it. `unchanged` counts the files that needed no reading. `digest`
    is SHA-256 over how the source is read and all its files, hexadecimal: while it stays, so do
    the entries.
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


@dataclass(frozen=True, slots=True)
class Report:
    """The entries of all sources, and what became of each source that was read."""

    entries: tuple[Entry, ...]
    sources: tuple[SourceReport, ...]

    @property
    def refused(self) -> tuple[Refusal, ...]:
        return tuple(refusal for source in self.sources for refusal in source.refused)


def slug(name: str) -> str:
    """A name as it stands in ids: `slug("Our Terms") == "our-terms"`."""
    return "-".join(name_key(name).split()) or "source"


def bundled() -> Path:
    """The folder of the encyclopedia that comes with Nearsay."""
    return Path(str(resources.files("index"))) / "encyclopedia"


def bundled_phrases() -> Path:
    """The file of the search phrases of that encyclopedia, by the id of the entry."""
    return bundled().with_name("search_phrases.yaml")


def bundled_digest() -> str:
    """SHA-256 over the names and contents of the bundled pages and their search phrases,
    hexadecimal."""
    digest = hashlib.sha256()
    for path in (*sorted(bundled().glob("*.md")), bundled_phrases()):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def with_bundled_phrases(entries: Iterable[Entry]) -> list[Entry]:
    """The bundled `entries` with their search phrases."""
    import yaml  # which one line of the terminal does not need

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times as fast
    phrases = yaml.load(bundled_phrases().read_bytes(), loader)  # noqa: S506  # both are safe
    return [replace(entry, search_phrases=tuple(phrases.get(entry.id, ()))) for entry in entries]
