"""Retrieve passages by vector."""

import numpy as np
from numpy.typing import NDArray

from index.storage import Generation


def nearest_passages(
    generation: Generation, point: NDArray[np.float32], limit: int
) -> list[tuple[int, float]]:
    """Return up to `limit` passages nearest to `point` (`float32[d]`, unit vector), nearest first,
    as (row, cosine). A short-lived process compares all passages, which is faster than loading
    Chroma."""
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
    """Return the cosines of k passages to `point` (`float32[d]`, unit vector), `float32[k]`."""
    return np.asarray(np.clip(generation.matrix[rows] @ point, -1, 1), dtype=np.float32)


def shown_rows(generation: Generation, entry_id: str) -> NDArray[np.int64]:
    """Return the rows of an entry's passages except search phrases, `int64[k]`."""
    rows = generation.rows_of(entry_id)
    return np.asarray(rows[~generation.hidden[rows]])
