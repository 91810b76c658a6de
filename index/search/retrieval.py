"""The passages near a point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.storage import Generation


def nearest_passages(
    generation: Generation, point: NDArray[np.float32], limit: int
) -> list[tuple[int, float]]:
    """The rows of up to `limit` passages nearest to `point` (`float32[d]`, length 1) with their
    cosines, the nearest first: by Chroma, or for a question or two by comparing all, in less time
    than Chroma takes to load."""
    if not generation.brief:
        hits = generation.vectors.nearest(point, limit)
        found = generation.rows([passage_id for passage_id, _ in hits])
        return [(row, cosine) for row, (_, cosine) in zip(found, hits, strict=True)]
    cosines = cosines_of(generation, np.arange(len(generation.passages)), point)
    best = np.argsort(-cosines, kind="stable")[:limit]
    return list(zip(best.tolist(), cosines[best].tolist(), strict=True))


def cosines_of(
    generation: Generation, rows: NDArray[np.int64], point: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The cosine of each of these passages to `point` (`float32[d]`, length 1), `float32[k]`."""
    return np.asarray(np.clip(generation.matrix[rows] @ point, -1, 1), dtype=np.float32)


def shown_rows(generation: Generation, entry_id: str) -> NDArray[np.int64]:
    """The rows of an entry's passages, without those that nobody is shown."""
    rows = np.array(generation.rows_of[entry_id])
    return np.asarray(rows[~generation.hidden[rows]])
