"""Find the files in the folder of a source, or those that match its pattern."""

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError
from index.sources.source import Source
from index.sources.suffixes import SUFFIXES, UNSUPPORTED

MOST_FILES = 100_000
_TYPE_HINT = "Save it as .docx, .html, .md or .txt."
_LINK_HINT = "Replace the link with a copy of the file."


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a source.

    `root` is the folder that must contain the file, `name` the path within it. A file that may not
    or cannot be read has a `problem`, and may have a `hint`.
    """

    path: Path
    root: Path
    name: str
    problem: str = ""
    hint: str = ""

    @property
    def key(self) -> str:
        """The absolute path, with undecodable bytes escaped, so that any database accepts it."""
        return os.fsencode(self.path.absolute()).decode(errors="backslashreplace")


def files_of(source: Source) -> list[FoundFile]:
    """Return the files of a source with a supported suffix, sorted and without duplicates.

    Hidden files and folders are skipped. Broken links, links to targets outside the source and
    unreadable folders are returned with their `problem`. Raises `SourceError` when the source does
    not exist, is nested too deeply or has more than 100,000 files.
    """
    hint = f"Correct the path. To remove an indexed source: nearsay index --remove {source.name}"
    root = Path(source.path).expanduser()
    found: dict[Path, FoundFile] = {}
    try:
        if root.exists():
            return _files_below(root)
        for below in _matching(root) if glob.has_magic(source.path) else ():
            for file in _files_below(below) if isinstance(below, Path) else (below,):
                found.setdefault(file.path, file)
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise SourceError(Path(source.path), None, reason, hint) from error
    except RecursionError as error:  # of os.walk, on about 1,000 folders in each other
        raise SourceError(Path(source.path), None, "is nested too deeply", hint) from error
    if not found:
        raise SourceError(Path(source.path), None, "the file or folder does not exist", hint)
    return list(found.values())


def _matching(pattern: Path) -> Iterator[Path | FoundFile]:
    """Yield the files and folders that match a pattern, sorted. A link out of the pattern's folder
    is yielded as a `FoundFile` with its problem."""
    parts = pattern.parts
    first = next(at for at, part in enumerate(parts) if glob.has_magic(part))
    base = Path(*parts[:first])
    try:
        paths = sorted(base.glob(str(Path(*parts[first:]))))
    except ValueError as error:
        raise SourceError(pattern, None, "is not a valid pattern") from error
    for path in paths:
        within = path.relative_to(base).parts
        if any(part.startswith(".") and part not in parts for part in within):
            continue
        problem = _problem_of_link(path, base.resolve())
        yield FoundFile(path, base, path.name, problem, _LINK_HINT) if problem else path


def _files_below(root: Path) -> list[FoundFile]:
    """Return the visible files below `root`, in the order of their paths; a file is itself below
    it. Links to folders are not followed."""
    if not root.is_dir():
        return [FoundFile(root, root, root.name)]
    inside, endings = root.resolve(), tuple(SUFFIXES)
    found: list[FoundFile] = []

    def add(path: Path, problem: str = "", hint: str = "") -> None:
        found.append(FoundFile(path, root, path.relative_to(root).as_posix(), problem, hint))
        if len(found) > MOST_FILES:
            raise SourceError(root, None, f"has more than {MOST_FILES:,} files")

    def add_unreadable(error: OSError) -> None:
        add(Path(error.filename), f"cannot be read: {error.strerror}")

    for folder, folders, names in os.walk(root, onerror=add_unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder, name) for name in folders):
            if problem := _problem_of_link(path, inside):
                add(path, problem, _LINK_HINT)
        for name in names:
            if name.startswith((".", "~$")):  # hidden, or the lock file of an open document
                continue
            if name.casefold().endswith(endings):
                path = Path(folder, name)
                problem = _problem_of_link(path, inside) if path.is_symlink() else ""
                add(path, problem, _LINK_HINT if problem else "")
            elif Path(name).suffix.casefold() in UNSUPPORTED:
                add(Path(folder, name), "is of a type that is not read", _TYPE_HINT)
    return sorted(found, key=lambda file: file.name.split("/"))


def _problem_of_link(path: Path, inside: Path) -> str:
    """Return the reason for not following the link `path`, or "" if its target is in `inside`."""
    try:
        leads_to = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "is a broken link"
    return "" if leads_to.is_relative_to(inside) else "is a link to a target outside its folder"
