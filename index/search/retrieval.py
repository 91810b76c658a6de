"""Retrieve passages by vector."""

import numpy as np
from numpy.typing import NDArray

from index.storage import Generation
from index.storage.generation import SourcePart

CANDIDATE_PASSAGES = 80  # nearest passages, whose entries are compared
MAX_COMPARED_PASSAGES = 2_000  # of a small source


class Cosines:
    """The cosines of passages to `point` (`float32[d]`, unit vector). Compared are the entries with
    one of the nearest passages, and all entries of a small source beside others, whose passages
    may not be among them."""

    def __init__(self, generation: Generation, point: NDArray[np.float32]) -> None:
        self.point = point
        self._generation = generation
        self._nearest: NDArray[np.int64] | None = None

    def compared(self, part: SourcePart) -> NDArray[np.int64]:
        """Return the entries of a source that are compared without being asked for, `int64[k]`. A
        short-lived process compares all, which is faster than loading Chroma."""
        generation = self._generation
        is_small = generation.counts[part.numbers].sum() <= MAX_COMPARED_PASSAGES
        if generation.brief or (is_small and len(generation.parts) > 1):
            return part.numbers
        near = self._nearest_entries()
        return near[np.isin(near, part.numbers)]

    def nearest(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of the nearest passage of each entry, `float32[k]`."""
        rows, starts = rows_of(self._generation, numbers)
        return np.asarray(np.maximum.reduceat(self.of_rows(rows), starts), dtype=np.float32)

    def of_rows(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosines of passages, `float32[k]`."""
        return cosines_of(self._generation, rows, self.point)

    def _nearest_entries(self) -> NDArray[np.int64]:
        # No `cached_property`: before Python 3.12 its lock is shared by all instances, so that
        # concurrent queries would wait for one another.
        if self._nearest is None:
            near = nearest_passages(self._generation, self.point, CANDIDATE_PASSAGES)
            self._nearest = np.unique(self._generation.owners[[row for row, _ in near]])
        return self._nearest


def rows_of(
    generation: Generation, entries: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of all passages of `entries` (`int64[k]`), and the position of each entry's
    first row among them."""
    counts = generation.counts[entries]
    starts = counts.cumsum() - counts
    return np.arange(counts.sum()) + (generation.starts[entries] - starts).repeat(counts), starts


def nearest_passages(
    generation: Generation, point: NDArray[np.float32], limit: int
) -> list[tuple[int, float]]:
    """Return up to `limit` passages nearest to `point` (`float32[d]`, unit vector), nearest first,
    as (row, cosine)."""
    hits = generation.vectors.nearest(point, limit)
    found = generation.rows([passage_id for passage_id, _ in hits])
    return [(row, cosine) for row, (_, cosine) in zip(found, hits, strict=True)]


def cosines_of(
    generation: Generation, rows: NDArray[np.int64], point: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the cosines of k passages to `point` (`float32[d]`, unit vector), `float32[k]`."""
    return np.asarray(np.clip(generation.matrix[rows] @ point, -1, 1), dtype=np.float32)
