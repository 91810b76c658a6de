"""Files of a source: found without leaving its root, read within bounds, decoded."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.entry import Entry
from index.errors import SourceError

LARGEST_FILE = 64 * 1024 * 1024  # bytes
LARGEST_TEXT = 16 * 1024 * 1024  # bytes of a file that is read as text
MOST_FILES = 100_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that gave no entry, and why; `line` counts from 1, None for the whole file."""

    path: str
    line: int | None
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one file.

    Entries carry an id that is unique within the file; `reading.read_sources` makes it unique in
    the index and sets `source`. `licence` is the file's own note, where it has one.
    """

    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...] = ()
    licence: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source: where it is, what it is called within its source, its content."""

    path: Path
    name: str
    data: bytes

    @property
    def text(self) -> str:
        """The content as text, whatever its encoding; line ends are `\\n`.

        Raises `SourceError` for a file that is empty, too large for text, or no text.
        """
        if not self.data.strip():
            raise SourceError(self.path, None, "is empty")
        if len(self.data) > LARGEST_TEXT:
            raise SourceError(
                self.path, None, f"{len(self.data):,} bytes; text has at most {LARGEST_TEXT:,}"
            )
        return _decoded(self.path, self.data).replace("\r\n", "\n").replace("\r", "\n")


def files_of(root: Path, suffixes: frozenset[str]) -> Iterator[Path]:
    """The files under `root` (or `root` itself) whose names end so, in order.

    Hidden files and folders, and links that lead out of `root`, are passed over.
    """
    if root.is_file():
        yield root
        return
    inside = root.resolve()
    count = 0
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if hidden or path.suffix.casefold() not in suffixes or not path.is_file():
            continue
        if path.resolve().is_relative_to(inside):
            count += 1
            if count > MOST_FILES:
                raise SourceError(root, None, f"has more than {MOST_FILES:,} files")
            yield path


def load(path: Path, root: Path) -> SourceFile:
    """Reads a file of the source `root`. Raises `SourceError` when it cannot be read, is larger
    than 64 MiB, or leads out of `root`."""
    name = path.name if root == path else path.relative_to(root).as_posix()
    try:
        if root != path and not path.resolve().is_relative_to(root.resolve()):
            raise SourceError(path, None, "leads out of its folder")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SourceError(path, None, f"cannot be read: {error.strerror}") from error
    if len(data) > LARGEST_FILE:
        raise SourceError(path, None, f"is larger than {LARGEST_FILE:,} bytes")
    return SourceFile(path, name, data)


def _decoded(path: Path, data: bytes) -> str:
    marked = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    encoding = marked[0] if marked else "utf-8"
    if not marked and b"\0" in data[:4096]:
        raise SourceError(path, None, "is no text")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise SourceError(path, None, f"is no {encoding} text") from error
    from charset_normalizer import from_bytes  # needed for few files

    guesses = from_bytes(data[: 256 * 1024])
    best = guesses.best()
    if best is None:
        raise SourceError(path, None, "is no text in an encoding that can be told")
    # A short text fits many encodings alike; the most widely used of them is then the likeliest.
    western = [guess for guess in guesses if guess.encoding in ("cp1252", "latin_1")]
    if western and western[0].chaos <= best.chaos:
        best = western[0]
    return data.decode(best.encoding, errors="replace")
