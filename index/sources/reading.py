"""From paths to entries: which files to read, and what became of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from index.entry import Entry
from index.errors import SourceError
from index.names import name_key
from index.sources.page import parse_page

BUNDLED = "encyclopedia"
LARGEST_PAGE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that gave no entry, and why; `line` counts from 1 and is None for the whole file."""

    path: str
    line: int | None
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What reading the sources gave: the entries, and the files that were refused."""

    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...]
    files: int


def bundled() -> Path:
    """The folder of the encyclopedia that comes with Nearsay."""
    return Path(str(resources.files("index"))) / "encyclopedia"


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of the pages in `folder`, hexadecimal."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.md")):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def read_sources(paths: Iterable[Path]) -> SourceReport:
    """The entries of the bundled encyclopedia and of `paths` (pages, or folders of pages).

    One bad file never stops the rest: it is refused with its reason, and so is an entry whose
    id another file has taken. A path that does not exist raises `SourceError`.
    """
    entries: dict[str, Entry] = {}
    refused: list[Refusal] = []
    files = 0
    for source, path in _files(paths):
        files += 1
        try:
            entry = _read(path, source)
            if entry.id in entries:
                raise SourceError(path, None, f'a second entry with the id "{entry.id}"')
            entries[entry.id] = entry
        except SourceError as error:
            refused.append(Refusal(str(error.path), error.line, error.reason, error.hint))
    return SourceReport(tuple(entries.values()), tuple(refused), files)


def _files(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Each page with the name of its source."""
    for path in sorted(bundled().glob("*.md")):
        yield BUNDLED, path
    for root in paths:
        if root.is_dir():
            for path in sorted(root.rglob("*.md")):
                if path.is_file() and path.resolve().is_relative_to(root.resolve()):
                    yield root.resolve().name, path
        elif root.is_file():
            yield root.stem, root
        else:
            raise SourceError(root, None, "there is no such file or folder")


def _read(path: Path, source: str) -> Entry:
    try:
        size = path.stat().st_size
        if size > LARGEST_PAGE:
            raise SourceError(path, None, f"{size:,} bytes, a page has at most {LARGEST_PAGE:,}")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(path, None, "is not UTF-8 text", "Save it as UTF-8.") from error
    except OSError as error:
        raise SourceError(path, None, f"cannot be read: {error.strerror}") from error
    slug = "-".join(name_key(path.stem).split()) or "entry"
    return parse_page(text, path, slug if source == BUNDLED else f"{source}/{slug}", source)
