"""Digests of a generation's files, by which damage is found before it is served.

Chroma lets most damage pass: it answers with flipped bits, or they crash the process. A digest of
every file would tell, did Chroma not change two kinds of files whenever it opens them:

- `chroma.sqlite3`: the table `acquire_write` gains a row, unless the generation was made not to
  (`vectors.open_unchanged`), and with it the counters of the file change and the lists of its
  pages. So its digest is that of all other rows, and SQLite itself checks that pages and indexes
  agree with them.
- the graph of less than a thousand vectors, which is never saved: its files are written anew and
  never read, since the vectors are in the database. They have no digest.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path, PurePosixPath

from index.errors import StoreDamaged
from index.store.vectors import WRITTEN_AT_OPEN

READERS = "readers"  # locks of the processes that read the generation
GRAPH = ("data_level0.bin", "header.bin", "length.bin", "link_lists.bin")
SAVED_GRAPH = "index_metadata.pickle"  # stands beside a graph that was saved
DATABASE = ".sqlite3"
BESIDE_DATABASE = (".sqlite3-journal", ".sqlite3-wal", ".sqlite3-shm")
PATIENCE = 30.0  # seconds to wait for a process that is writing to the database
ROWS = 500  # read at once


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file under a generation's folder by its relative POSIX path, except locks
    of readers, hidden files, and what Chroma writes anew whenever it opens.

    Of SQLite files it is the digest of their rows, since the file itself changes when Chroma opens
    it. Raises `StoreDamaged` when a file cannot be read. No client of Chroma in the same process
    may have the generation open meanwhile: closing a file drops all of a process's locks on it.
    """
    files = _files(folder)
    digests = {}
    for name, digest in _hashed(folder, (name for name in files if _lasting(name, files))):
        try:
            digests[name] = digest.result()
        except (OSError, sqlite3.Error) as error:
            raise StoreDamaged(
                f"{folder / name} cannot be read ({_reason(error)}).",
                "Build the index anew with: nearsay index --full",
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
        except (OSError, sqlite3.Error) as error:
            yield f"{name} cannot be read ({_reason(error)})"
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
    """The digest of each file; hashing and SQLite's checks run beside each other."""
    with ThreadPoolExecutor() as pool:
        return [(name, pool.submit(_digest, folder / name)) for name in names]


def _digest(file: Path) -> str:
    if file.suffix == DATABASE:
        return _digest_of_database(file)
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _digest_of_database(file: Path) -> str:
    """Raises `sqlite3.Error` when the file is damaged."""
    with ThreadPoolExecutor(1) as beside:
        checked = beside.submit(_check, file)
        try:
            digest = _digest_of_rows(file)
            checked.result()
        except UnicodeError as error:  # from sqlite3, when it tells of a name that is damaged
            raise sqlite3.DatabaseError("a name in it is damaged") from error
    return digest


def _check(file: Path) -> None:
    with closing(_connect(file)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    if file.stat().st_size % page_size:
        raise sqlite3.DatabaseError("its last page is cut off")


def _digest_of_rows(file: Path) -> str:
    digest = hashlib.sha256()
    with closing(_connect(file)) as connection:
        tables = connection.execute(
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' "
            "AND type IN ('table', 'shadow') AND name <> ? ORDER BY name",
            (WRITTEN_AT_OPEN,),
        ).fetchall()
        for name, without_rowid in tables:
            digest.update(ascii(name).encode())
            columns = "*" if without_rowid else "rowid, *"
            quoted = name.replace('"', '""')
            rows = connection.execute(f'SELECT {columns} FROM "{quoted}"')  # noqa: S608
            while part := rows.fetchmany(ROWS):
                digest.update(ascii(part).encode())
    digest.update(_header(file))
    return digest.hexdigest()


def _connect(file: Path) -> sqlite3.Connection:
    """A connection that changes nothing, but that it takes back what a process that was killed
    left half written, as every reader must; a read-only one would fail there."""
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _header(file: Path) -> bytes:
    """What the header of a SQLite file says beside its counters and lists of pages."""
    with file.open("rb") as content:
        header = content.read(100)
    return header[:24] + header[40:92]


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split())
