"""Read and decode the files of a source within size limits."""

import codecs
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from index.entry import Entry
from index.errors import SourceError
from index.text import one_line

LARGEST_FILE = 64 * 1024 * 1024  # bytes
LARGEST_TEXT = 16 * 1024 * 1024  # bytes of a file that is read as text
_BOMS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_TEXT_HINT = "Save it as text in UTF-8."


RefusalKind = Literal["far longer", "skipped", "shortened", "merged"]
"""What happened to a part of a file, most serious first."""


class RefusedError(ValueError):
    """A part of a file cannot be read as an entry. The message is the reason."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of a file that was not read as it is written. `line` counts from 1; None stands for
    the whole file. `kind` says whether an entry is "far longer" than the others, a file or a row
    was "skipped", a field was "shortened" or left out, or a row was "merged" with another."""

    path: str
    line: int | None
    reason: str
    hint: str = ""
    kind: RefusalKind = "skipped"


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading one file.

    `loader.read_sources` merges equal entries, makes their ids unique, and sets `source`. `licence`
    is the licence that the file states, or "". `ignored` has the names of its columns or keys that
    are not kept.
    """

    entries: tuple[Entry, ...]
    refused: tuple[Refusal, ...] = ()
    licence: str = ""
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source, read into memory.

    `name` is its path within the source, cleaned for display.
    """

    path: Path
    name: str
    data: bytes

    @property
    def text(self) -> str:
        """The decoded content; the encoding is detected, and line endings are `\\n`.

        Raises `SourceError` for a file that is empty, not text, or larger than 16 MiB.
        """
        check_count(len(self.data), LARGEST_TEXT, "bytes of text", self.path)
        text = _decode(self.path, self.data).replace("\r\n", "\n").replace("\r", "\n")
        if not text or text.isspace():
            raise SourceError(self.path, None, "is empty")
        return text


def by_seriousness(refused: Iterable[Refusal]) -> list[Refusal]:
    """Return refusals with the most serious kinds first, otherwise in their order."""
    order = get_args(RefusalKind)
    return sorted(refused, key=lambda one: order.index(one.kind))


def in_unit(refused: Iterable[Refusal], unit: str) -> tuple[Refusal, ...]:
    """Return refusals that name their place in a `unit` such as "record", unless it is "line"."""
    return tuple(
        replace(one, line=None, reason=f"{unit} {one.line}: {one.reason}")
        if one.line and unit != "line"
        else one
        for one in refused
    )


def check_count(count: int, limit: int, what: str, path: Path, hint: str = "") -> None:
    """Raise `SourceError` if `count` exceeds `limit`. `what` is the unit, such as "lines"."""
    if count > limit:
        raise SourceError(path, None, f"has {count:,} {what}; {limit:,} are allowed", hint)


def check_length(text: str, limit: int, what: str, path: Path, line: int | None = None) -> None:
    """Raise `SourceError` if `text` has more than `limit` characters. `what` names the text."""
    if len(text) > limit:
        raise SourceError(path, line, f"{what} has {len(text):,} characters; {limit:,} are allowed")


def load(path: Path, root: Path) -> SourceFile:
    """Read a file of the source `root`.

    Raises `SourceError` when the file cannot be read, is not a regular file, is larger than 64 MiB,
    changes while it is read, or is outside `root`.
    """
    name = one_line(path.name if root == path else path.relative_to(root).as_posix())
    try:
        if root != path and not path.resolve().is_relative_to(root.resolve()):
            raise SourceError(path, None, "is outside its folder")
        with open(path, "rb", opener=_open_nonblocking) as stream:  # Path has no opener
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise SourceError(path, None, "is not a regular file")
            check_count(before.st_size, LARGEST_FILE, "bytes", path, "Split it.")
            data = stream.read(before.st_size + 1)
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise SourceError(path, None, f"cannot be read: {error.strerror}") from error
    if (len(data), before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        hint = "Reindex when the file is complete."
        raise SourceError(path, None, "changed while it was read", hint)
    return SourceFile(path, name, data)


def _open_nonblocking(path: str, flags: int) -> int:
    """Open a file without waiting for a writer if it is a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _decode(path: Path, data: bytes) -> str:
    marked = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "")
    if not marked and b"\0" in data[:4096]:
        raise SourceError(path, None, "is not text", _TEXT_HINT)
    try:
        return data.decode(marked or "UTF-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if marked:
            raise SourceError(path, None, f"is not valid {marked} text", _TEXT_HINT) from error
    from charset_normalizer import from_bytes  # slow to import, and few files need it

    guesses = from_bytes(data[: 256 * 1024])
    best = guesses.best()
    if best is None:
        raise SourceError(path, None, "is not text in a known encoding", _TEXT_HINT)
    # A short text fits many encodings equally well: prefer the most widely used one.
    western = [guess for guess in guesses if guess.encoding in ("cp1252", "latin_1")]
    if western and western[0].chaos <= best.chaos:
        best = western[0]
    return data.decode(best.encoding, errors="replace")
