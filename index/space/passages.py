"""The passages near a point: by Chroma, or by comparing where only some are wanted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.store import Generation

TOGETHER = 64  # passages compared at a time: they stay in a processor's own memory


def nearest_passages(
    generation: Generation,
    point: NDArray[np.float32],
    limit: int,
    *,
    category: str | None = None,
    source: str | None = None,
) -> list[tuple[int, float]]:
    """The rows of up to `limit` passages nearest to `point` (`float32[d]`, length 1) with their
    cosines, the nearest first; of one category or source where these are given.

    Chroma would look through the whole collection for those of a category, so they are compared
    here. For a question or two all are compared, in less time than Chroma takes to load.
    """
    rows = generation.rows_within(category, source)
    if len(rows) == len(generation.passages) and not generation.brief:
        hits = generation.vectors.nearest(point, limit)
        found = generation.rows([passage_id for passage_id, _ in hits])
        return [(row, cosine) for row, (_, cosine) in zip(found, hits, strict=True)]
    cosines = cosines_of(generation, rows, point)
    best = np.argsort(-cosines, kind="stable")[:limit]
    return list(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))


def cosines_of(
    generation: Generation, rows: NDArray[np.int64], point: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The cosine of each of these passages to `point` (`float32[d]`, length 1), `float32[k]`."""
    matrix = generation.matrix
    cosines = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), TOGETHER):
        part = slice(start, start + TOGETHER)
        # "clip" lets NumPy copy the rows at once: they are known to be there.
        np.matmul(matrix.take(rows[part], axis=0, mode="clip"), point, out=cosines[part])
    np.maximum(cosines, -1.0, out=cosines)
    return np.minimum(cosines, 1.0, out=cosines)
