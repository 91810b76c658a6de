"""The passages near a point: Chroma's answer, or every one where only some are wanted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.store import Generation


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

    Those of a category are few, so each is compared: Chroma would look through the whole
    collection for them.
    """
    if category is None and source is None:
        return [
            (generation.row(hit.passage_id), hit.cosine)
            for hit in generation.vectors.nearest(point, limit)
        ]
    rows = generation.rows_within(category, source)
    cosines = cosines_of(generation, rows, point)
    best = np.argsort(-cosines, kind="stable")[:limit]
    return list(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))


def cosines_of(
    generation: Generation, rows: NDArray[np.int64], point: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The cosine of each of these passages to `point` (`float32[d]`, length 1), `float32[k]`."""
    return np.asarray(np.clip(generation.matrix[rows] @ point, -1.0, 1.0), dtype=np.float32)
