"""Checksums of a generation's files, used to detect damage before the generation is opened.

Chroma detects little damage itself: flipped bits give wrong answers or crash the process. So every
file has a checksum, except the HNSW graph of fewer than a thousand vectors. Chroma rewrites the
files of such a graph whenever it opens them and never reads them: the vectors are in its database.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from index.embedding.weights import sha256
from index.errors import IndexCorrupted

READERS = "readers"  # folder with a lock file for each process that reads the generation
GRAPH_FILES = ("data_level0.bin", "header.bin", "length.bin", "link_lists.bin")
SAVED_GRAPH_FILE = "index_metadata.pickle"  # exists only if the graph was saved
SQLITE_SUFFIXES = (".sqlite3-journal", ".sqlite3-wal", ".sqlite3-shm")


def digests_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a generation's folder, by relative POSIX path. Reader
    locks, hidden files and files that Chroma rewrites on opening are left out. Raises
    `IndexCorrupted` if a file cannot be read. No Chroma client in this process may have the
    generation open, because closing a file drops all locks that the process holds on it."""
    files = _files(folder)
    digests = {}
    for name, digest in _digests(folder, (name for name in files if _is_stable(name, files))):
        try:
            digests[name] = digest.result()
        except OSError as error:
            raise IndexCorrupted(
                f"{folder / name} cannot be read ({error.strerror or error})."
            ) from error
    return digests


def damage(folder: Path, digests: Mapping[str, str]) -> str:
    """Describe how the files differ from `digests`, such as "manifest.json is missing". Returns ""
    if they match. As in `digests_of`, no Chroma client may have the generation open."""
    faults = list(_faults(folder, digests))
    more = f" (and {len(faults) - 1:,} more)" if len(faults) > 1 else ""
    return faults[0] + more if faults else ""


def _faults(folder: Path, digests: Mapping[str, str]) -> Iterator[str]:
    files = _files(folder)
    for name in sorted(digests.keys() - files):
        yield f"{name} is missing"
    for name, digest in _digests(folder, sorted(digests.keys() & files)):
        try:
            if digest.result() != digests[name]:
                yield f"{name} has the wrong checksum"
        except OSError as error:
            yield f"{name} cannot be read ({error.strerror or error})"
    for name in sorted(files - digests.keys()):
        if _is_stable(name, digests):
            yield f"{name} is an unexpected file"


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _is_stable(name: str, files: Container[str]) -> bool:
    """Return whether a file never changes after the build. `files` has the names of all files; a
    graph file is stable only if `SAVED_GRAPH_FILE` is in its folder."""
    path = PurePosixPath(name)
    if path.parts[0] == READERS or any(part.startswith(".") for part in path.parts):
        return False
    if path.name in GRAPH_FILES:
        return str(path.with_name(SAVED_GRAPH_FILE)) in files
    return not name.endswith(SQLITE_SUFFIXES)


def _digests(folder: Path, names: Iterable[str]) -> list[tuple[str, Future[str]]]:
    with ThreadPoolExecutor() as pool:
        return [(name, pool.submit(sha256, folder / name)) for name in names]
