"""Digests of a generation's files, by which damage is found before it is served.

Chroma lets most damage pass: it answers with flipped bits, or they crash the process. So there is a
digest of every file, but of the graph of less than a thousand vectors, which is never saved: Chroma
writes its files anew whenever it opens them, and never reads them, since the vectors are in the
database.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from index.embedding.weights import sha256
from index.errors import IndexCorrupted

READERS = "readers"  # locks of the processes that read the generation
GRAPH = ("data_level0.bin", "header.bin", "length.bin", "link_lists.bin")
SAVED_GRAPH = "index_metadata.pickle"  # stands beside a graph that was saved
BESIDE_DATABASE = (".sqlite3-journal", ".sqlite3-wal", ".sqlite3-shm")


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file under a generation's folder by its relative POSIX path, except locks
    of readers, hidden files, and what Chroma writes anew whenever it opens.

    Raises `IndexCorrupted` when a file cannot be read. No client of Chroma in the same process may
    have the generation open meanwhile: closing a file drops all of a process's locks on it.
    """
    files = _files(folder)
    digests = {}
    for name, digest in _hashed(folder, (name for name in files if _lasting(name, files))):
        try:
            digests[name] = digest.result()
        except OSError as error:
            raise IndexCorrupted(
                f"{folder / name} cannot be read ({error.strerror or error})."
            ) from error
    return digests


def damage(folder: Path, digests: Mapping[str, str]) -> str:
    """What differs from `digests`, as one clause such as "chroma/<…>/link_lists.bin is missing";
    empty when nothing does. What holds for the callers of `digests_of` holds here."""
    faults = list(_faults(folder, digests))
    if not faults:
        return ""
    first, *others = faults
    return f"{first} (and {len(others):,} more)" if others else first


def _faults(folder: Path, digests: Mapping[str, str]) -> Iterator[str]:
    files = _files(folder)
    for name in sorted(digests.keys() - files):
        yield f"{name} is missing"
    for name, digest in _hashed(folder, sorted(digests.keys() & files)):
        try:
            if digest.result() != digests[name]:
                yield f"{name} is not what was written"
        except OSError as error:
            yield f"{name} cannot be read ({error.strerror or error})"
    for name in sorted(files - digests.keys()):
        if _lasting(name, digests):
            yield f"{name} should not be there"


def _files(folder: Path) -> set[str]:
    """Every file under `folder` by its relative POSIX path."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _lasting(name: str, files: Container[str]) -> bool:
    """Whether a file stays as it was written; `files` tell which graphs were saved."""
    path = PurePosixPath(name)
    if path.parts[0] == READERS or any(part.startswith(".") for part in path.parts):
        return False
    if path.name in GRAPH:
        return str(path.with_name(SAVED_GRAPH)) in files
    return not name.endswith(BESIDE_DATABASE)


def _hashed(folder: Path, names: Iterable[str]) -> list[tuple[str, Future[str]]]:
    """The digest of each file; several are hashed beside each other."""
    with ThreadPoolExecutor() as pool:
        return [(name, pool.submit(sha256, folder / name)) for name in names]
