"""Find the files in the folder of a source, or those that match its pattern."""

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError
from index.sources.source import Source

MOST_FILES = 100_000
_LINK_HINT = "Replace the link with a copy of the file."


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a source.

    `where` is the path, `root` the folder that must contain the file, `name` the path within
    `root`. A file that may not or cannot be read has a `problem`, and may have a `hint`.
    """

    where: str
    root: Path
    name: str
    problem: str = ""
    hint: str = ""

    @property
    def path(self) -> Path:
        return Path(self.where)

    @property
    def key(self) -> str:
        """The absolute path, with undecodable bytes escaped, so that any database accepts it."""
        where = os.path.abspath(self.where)  # noqa: PTH100  # `Path` is slow for many files
        return os.fsencode(where).decode(errors="backslashreplace")


def files_of(source: Source, suffixes: frozenset[str]) -> list[FoundFile]:
    """Return the files of a source with these suffixes, sorted and without duplicates.

    Hidden files and folders are skipped. Broken links, links to targets outside the source and
    unreadable folders are returned with their `problem`. Raises `SourceError` when the source does
    not exist or has more than 100,000 files.
    """
    hint = f"Correct the path. To remove an indexed source: nearsay index --remove {source.name}"
    root = Path(source.path).expanduser()
    try:
        if root.exists():
            return list(_files_below(root, suffixes))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise SourceError(Path(source.path), None, reason, hint) from error
    found: dict[str, FoundFile] = {}
    for below in _matching(root) if glob.has_magic(source.path) else ():
        for file in _files_below(below, suffixes) if isinstance(below, Path) else (below,):
            found.setdefault(file.where, file)
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
        yield (
            FoundFile(str(path), base, path.name, problem=problem, hint=_LINK_HINT)
            if problem
            else path
        )


def _files_below(root: Path, suffixes: frozenset[str]) -> Iterator[FoundFile]:
    if not root.is_dir():
        yield FoundFile(str(root), root, root.name)
        return
    inside, endings = root.resolve(), tuple(suffixes)
    count = 0
    for entry, name in _walk(root):
        if isinstance(entry, OSError):
            yield FoundFile(
                str(root / name), root, name, problem=f"cannot be read: {entry.strerror}"
            )
            continue
        wanted = entry.name.casefold().endswith(endings)
        if entry.is_symlink() and (problem := _problem_of_link(Path(entry.path), inside)):
            if wanted or _is_folder(entry):
                yield FoundFile(entry.path, root, name, problem=problem, hint=_LINK_HINT)
        elif wanted and not _is_folder(entry):
            count += 1
            if count > MOST_FILES:
                raise SourceError(root, None, f"has more than {MOST_FILES:,} files")
            yield FoundFile(entry.path, root, name)


def _walk(root: Path) -> Iterator[tuple[os.DirEntry[str] | OSError, str]]:
    """Yield all visible files and folders below `root`, sorted, with their paths within `root`. An
    unreadable folder is yielded as an error. Links to folders are not followed."""
    waiting: list[tuple[os.DirEntry[str] | None, str]] = [(None, "")]
    while waiting:
        folder, name = waiting.pop()
        if folder is not None:
            yield folder, name
            if not folder.is_dir(follow_symlinks=False):
                continue
        prefix = f"{name}/" if name else ""
        try:
            with os.scandir(folder or root) as entries:
                shown = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            yield error, name
            continue
        shown.sort(key=lambda entry: entry.name, reverse=True)
        waiting += ((entry, prefix + entry.name) for entry in shown)


def _problem_of_link(path: Path, inside: Path) -> str:
    """Return the reason for not following the link `path`, or "" if its target is in `inside`."""
    try:
        leads_to = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "is a broken link"
    return "" if leads_to.is_relative_to(inside) else "is a link to a target outside its folder"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
