"""The vectors of passages in Chroma. Only this module and `remote` import chromadb.

Results are cosines (1 is the same direction), not Chroma's distances.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from index.embedding.batching import MicroBatcher
from index.errors import IndexCorrupted
from index.storage.checksums import GRAPH_FILES, SAVED_GRAPH_FILE
from index.storage.chroma.remote import RemoteClient
from index.storage.chroma.server import (
    BUILD_TIMEOUT_S,
    CONFIGURATION,
    QUERY_TIMEOUT_S,
    ROWS,
    Collection,
)

COLLECTION = "passages"
DATABASE = "chroma.sqlite3"
LARGEST_BATCH = 5_000  # Chroma's own limit is 5,461 rows per call.
# Chroma inserts a row into this table whenever it opens a folder. It holds the interpreter lock for
# four disk syncs, which on a busy disk stopped all threads for half a second. The insert serves
# only to lock the database, and an insert that the trigger ignores locks it too (see
# docs/explanation/chroma-open.md).
WRITTEN_AT_OPEN = "acquire_write"
OPENED_UNCHANGED = f"""
    CREATE TRIGGER IF NOT EXISTS opened_unchanged BEFORE INSERT ON {WRITTEN_AT_OPEN}
    BEGIN SELECT RAISE(IGNORE); END
"""


class Hit(NamedTuple):
    """A passage id and its cosine to the query vector, -1…1."""

    passage_id: str
    cosine: float


_Query = tuple[NDArray[np.float32], int]  # a vector and the maximum number of hits


class VectorIndex:
    """The vectors of the passages in one generation. Thread-safe. Methods raise `IndexCorrupted` if
    the vectors cannot be used, and `VectorStoreUnavailable` if a server does not answer."""

    def __init__(
        self,
        client: Any,
        collection: Any,
        rows: int = LARGEST_BATCH,
        folder: Path | None = None,
    ) -> None:
        self._client = client
        self._collection = collection
        self._folder = folder  # None on a server
        self._rows = rows  # per call
        self._batcher: MicroBatcher[_Query, list[Hit]] = MicroBatcher(self._nearest)

    @classmethod
    def create(cls, where: Path | Collection) -> VectorIndex:
        """Create an empty index in a folder or on a server."""
        if isinstance(where, Collection):
            client = RemoteClient(where.server, BUILD_TIMEOUT_S)
            client.delete(where.name)
            client.create(where.name)
            return cls(client, client.collection(where.name), ROWS)
        with _translated(where):
            client = _client(where)
            options = {"embedding_function": None, "configuration": CONFIGURATION}
            return cls(client, client.create_collection(COLLECTION, **options), folder=where)

    @classmethod
    def open(cls, where: Path | Collection, timeout: float = QUERY_TIMEOUT_S) -> VectorIndex:
        """Open an index in a folder or on a server. A server is connected to on first use. Each
        request times out after `timeout` seconds. Raises `IndexCorrupted` if the folder has no
        vectors, and later calls do so if the collection is missing."""
        if isinstance(where, Collection):
            client = RemoteClient(where.server, timeout)
            return cls(client, client.collection(where.name), ROWS)
        with _translated(where):
            client = _client(where)
            collection = client.get_collection(COLLECTION, embedding_function=None)
            return cls(client, collection, folder=where)

    def put(self, passage_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store the vectors (`float32[n, d]`) of passages, replacing those with the same ids.
        Chroma gets no documents or metadata, since indexing them takes longer than indexing the
        vectors."""
        for start in range(0, len(passage_ids), self._rows):
            with _translated():
                self._collection.upsert(
                    ids=list(passage_ids[start : start + self._rows]),
                    embeddings=vectors[start : start + self._rows],
                )

    def nearest(self, point: NDArray[np.float32], limit: int) -> list[Hit]:
        """Return up to `limit` passages nearest to `point` (`float32[d]`), nearest first."""
        return self._batcher((point, min(limit, self._rows)))

    def vectors(self, passage_ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of passages, `float32[n, d]`. Raises `IndexCorrupted` if one is
        missing."""
        row_of: dict[str, int] = {}
        parts = []
        for start in range(0, len(passage_ids), self._rows):
            part = list(passage_ids[start : start + self._rows])
            with _translated():
                found = self._collection.get(ids=part, include=["embeddings"])
            row_of |= {passage_id: len(row_of) + row for row, passage_id in enumerate(found["ids"])}
            parts.append(np.asarray(found["embeddings"], dtype=np.float32))
        missing = [passage_id for passage_id in passage_ids if passage_id not in row_of]
        if missing:
            raise IndexCorrupted(f"The index has no vector for the passage {missing[0]}.")
        rows = [row_of[passage_id] for passage_id in passage_ids]
        return np.asarray(np.concatenate(parts)[rows])

    def remove(self, passage_ids: Sequence[str]) -> None:
        for start in range(0, len(passage_ids), self._rows):
            with _translated():
                self._collection.delete(ids=list(passage_ids[start : start + self._rows]))

    def nearest_to(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of points (`float32[n, d]`) to their nearest passages, `float32[n]`."""
        cosines: list[float] = []
        for start in range(0, len(points), 500):
            with _translated():
                found = self._collection.query(
                    query_embeddings=points[start : start + 500], n_results=1, include=["distances"]
                )
            cosines += [cosine_of(row[0]) if row else -1.0 for row in found["distances"]]
        return np.asarray(cosines, dtype=np.float32)

    def _nearest(self, queries: Sequence[_Query]) -> list[list[Hit]]:
        """Run a batch of queries, with one call of Chroma for each limit."""
        hits: list[list[Hit]] = [[] for _ in queries]
        for limit in {limit for _, limit in queries}:
            rows = [row for row, (_, its_limit) in enumerate(queries) if its_limit == limit]
            with _translated():
                found = self._collection.query(
                    query_embeddings=[queries[row][0] for row in rows],
                    n_results=limit,
                    include=["distances"],
                )
            for row, ids, distances in zip(rows, found["ids"], found["distances"], strict=True):
                hits[row] = list(map(Hit, ids, map(cosine_of, distances)))
        self._remove_unread_files()
        return hits

    @property
    def missing(self) -> bool:
        """Whether the server reported that the collection does not exist."""
        return bool(getattr(self._collection, "missing", False))

    def __len__(self) -> int:
        with _translated():
            return int(self._collection.count())

    def close(self) -> None:
        self._client.close()
        self._remove_unread_files()

    def _remove_unread_files(self) -> None:
        """Remove the files of a graph too small to be saved. Chroma writes them at the first query
        after opening and never reads them. Their unused part is what was in the memory of the
        process, such as text that has been purged."""
        for file in self._folder.glob(f"*/{GRAPH_FILES[0]}") if self._folder else ():
            if not file.with_name(SAVED_GRAPH_FILE).exists():
                for name in GRAPH_FILES:
                    file.with_name(name).unlink(missing_ok=True)


def prevent_writes_on_open(folder: Path) -> None:
    """Change a folder so that Chroma opens it, and copies of it, without writing. No client may
    have the folder open."""
    table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
    with _translated(folder), closing(sqlite3.connect(folder / DATABASE)) as database, database:
        if database.execute(table, (WRITTEN_AT_OPEN,)).fetchone():
            database.execute(OPENED_UNCHANGED)


def cosine_of(distance: float) -> float:
    """Convert Chroma's cosine distance into a cosine, clamped to -1…1."""
    return max(-1.0, min(1.0, 1.0 - float(distance)))


def _client(folder: Path) -> Any:
    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False)
    )


@contextmanager
def _translated(folder: Path | None = None) -> Iterator[None]:
    try:
        yield
    except (ChromaError, sqlite3.Error, OSError, ValueError, RuntimeError) as error:
        where = f" in {folder}" if folder else ""
        raise IndexCorrupted(f"The vectors of the index{where} cannot be used: {error}") from error
