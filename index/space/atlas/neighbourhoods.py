"""Which entries form a neighbourhood: what is close in the space and on the map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

MOST = 20  # neighbourhoods
PER_ROOT = 0.75  # neighbourhoods, for the root of the number of entries
SMALLEST = 3  # entries
MAP = 1.0  # weight of the map beside the space, when both are as spread
STARTS = 8  # divisions of which the closest is taken


def how_many(entries: int) -> int:
    """How many neighbourhoods suit so many entries."""
    if entries < 2 * SMALLEST:
        return min(1, entries)
    return int(np.clip(round(PER_ROOT * np.sqrt(entries)), 1, MOST))


def divide(centres: NDArray[np.float32], positions: NDArray[np.float32]) -> NDArray[np.int32]:
    """The number of each entry's neighbourhood, `int32[e]`; every number up to the highest is
    there, and the largest is 0. `positions` (`float32[e, 2]`) are the places on the map."""
    from sklearn.cluster import KMeans  # takes a while to import

    count = len(positions)
    if how_many(count) < 2:
        return np.zeros(count, dtype=np.int32)
    features = _features(centres, positions)
    with threadpool_limits(1):  # several threads would not give the same each time
        found = KMeans(how_many(count), n_init=STARTS, random_state=0).fit(features)
    large = np.bincount(found.labels_, minlength=how_many(count)) >= SMALLEST
    numbers = found.transform(features)[:, large].argmin(axis=1)
    _, numbers, sizes = np.unique(numbers, return_inverse=True, return_counts=True)
    rank = np.argsort(np.argsort(-sizes, kind="stable"))
    return np.asarray(rank[numbers], dtype=np.int32)


def _features(centres: NDArray[np.float32], positions: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where entries are in the space and on the map, side by side."""
    in_space = centres - centres.mean(axis=0)
    on_map = positions - positions.mean(axis=0)
    scale = MAP * np.linalg.norm(in_space) / max(float(np.linalg.norm(on_map)), 1e-9)
    return np.concatenate([in_space, scale * on_map], axis=1).astype(np.float64)
