"""The vectors of passages, in Chroma; the only module that imports chromadb.

Cosines come out (1 is the same direction), never Chroma's distances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.batching import Batcher
from index.errors import StoreDamaged

COLLECTION = "passages"
LARGEST_BATCH = 5_000  # Chroma's own limit is 5,461 rows a call.


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: its id, and its cosine to the point, -1…1."""

    passage_id: str
    cosine: float


class VectorIndex:
    """The passages of one generation by their vectors. Threads may share it."""

    def __init__(self, client: Any, collection: Any) -> None:
        self._client = client
        self._collection = collection
        self._together = Batcher(self._nearest)

    @classmethod
    def create(cls, folder: Path) -> VectorIndex:
        """A new, empty index in `folder`."""
        with _translated(folder):
            client = _client(folder)
            collection = client.create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
            )
            return cls(client, collection)

    @classmethod
    def open(cls, folder: Path) -> VectorIndex:
        """The index that `create` and `add` left in `folder`."""
        if not (folder / "chroma.sqlite3").is_file():
            raise StoreDamaged(
                f"There are no vectors in {folder}.",
                "Build the index anew with: nearsay index --full",
            )
        with _translated(folder):
            client = _client(folder)
            return cls(client, client.get_collection(COLLECTION, embedding_function=None))

    def put(self, passage_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Stores the vectors (`float32[n, d]`) of passages, in the place of those with their ids.

        Nothing else is given to Chroma, which would index texts and properties too: that takes
        longer than the vectors do.
        """
        for start in range(0, len(passage_ids), LARGEST_BATCH):
            with _translated():
                self._collection.upsert(
                    ids=list(passage_ids[start : start + LARGEST_BATCH]),
                    embeddings=vectors[start : start + LARGEST_BATCH],
                )

    def nearest(self, point: NDArray[np.float32], limit: int) -> list[Hit]:
        """Up to `limit` passages nearest to `point` (`float32[d]`), the nearest first."""
        return self._together((point, limit)) if limit > 0 else []

    def _nearest(self, asked: Sequence[tuple[NDArray[np.float32], int]]) -> list[list[Hit]]:
        """What `nearest` gives for each point and limit. Chroma is asked once for each limit,
        since with another one it may find others."""
        hits: list[list[Hit]] = [[] for _ in asked]
        for limit in {limit for _, limit in asked}:
            places = [at for at, (_, its_limit) in enumerate(asked) if its_limit == limit]
            with _translated():
                found = self._collection.query(
                    query_embeddings=np.stack([asked[at][0] for at in places]),
                    n_results=limit,
                    include=["distances"],
                )
            cosines = np.clip(1.0 - np.asarray(found["distances"]), -1.0, 1.0).tolist()
            for at, ids, row in zip(places, found["ids"], cosines, strict=True):
                hits[at] = [Hit(*hit) for hit in zip(ids, row, strict=True)]
        return hits

    def vectors(self, passage_ids: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of these passages, `float32[n, d]`, in their order.

        Raises `StoreDamaged` when one is not there.
        """
        with _translated():
            found = self._collection.get(ids=list(passage_ids), include=["embeddings"])
        row_of = {passage_id: row for row, passage_id in enumerate(found["ids"])}
        missing = [passage_id for passage_id in passage_ids if passage_id not in row_of]
        if missing:
            raise StoreDamaged(
                f"The index has no vector of the passage {missing[0]}.",
                "Build the index anew with: nearsay index --full",
            )
        rows = [row_of[passage_id] for passage_id in passage_ids]
        return np.asarray(found["embeddings"], dtype=np.float32)[rows]

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Removes the passages of these ids."""
        for start in range(0, len(passage_ids), LARGEST_BATCH):
            with _translated():
                self._collection.delete(ids=list(passage_ids[start : start + LARGEST_BATCH]))

    def nearest_to(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of each of `points` (`float32[n, d]`) to the passage nearest to it,
        `float32[n]`."""
        cosines: list[float] = []
        for start in range(0, len(points), 500):
            with _translated():
                found = self._collection.query(
                    query_embeddings=points[start : start + 500],
                    n_results=1,
                    include=["distances"],
                )
            cosines += [cosine_of(row[0]) if row else -1.0 for row in found["distances"]]
        return np.asarray(cosines, dtype=np.float32)

    def __len__(self) -> int:
        with _translated():
            return int(self._collection.count())

    def close(self) -> None:
        """Releases files, threads and memory; the index must not be in use any more."""
        self._client.close()


def prepare() -> None:
    """Imports what takes long, ahead of the first index."""
    import chromadb  # noqa: F401


def cosine_of(distance: float) -> float:
    """Chroma's cosine distance as a cosine, rounding errors clamped to -1…1."""
    return max(-1.0, min(1.0, 1.0 - float(distance)))


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False)
    )


@contextmanager
def _translated(folder: Path | None = None) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, OSError, ValueError, RuntimeError) as error:
        where = f" in {folder}" if folder else ""
        raise StoreDamaged(
            f"The vectors of the index{where} cannot be used: {error}",
            "Build the index anew with: nearsay index --full",
        ) from error
