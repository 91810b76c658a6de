"""Which entries form a neighbourhood: what is close in the space and on the map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

MOST = 20  # neighbourhoods
PER_ROOT = 0.75  # neighbourhoods, for the root of the number of entries
LEEWAY = 0.35  # share by which neighbourhoods may be more or fewer than suit the entries
SMALLEST = 3  # entries
MAP = 1.0  # weight of the map beside the space, when both are as spread
STARTS = 8  # divisions of which the closest is taken


def how_many(entries: int) -> int:
    """How many neighbourhoods suit so many entries."""
    if entries < 2 * SMALLEST:
        return min(1, entries)
    return int(np.clip(round(PER_ROOT * np.sqrt(entries)), 1, MOST))


def still_suits(count: int, entries: int) -> bool:
    """Whether `count` neighbourhoods are about as many as suit so many entries."""
    wanted = how_many(entries)
    return abs(count - wanted) <= max(1, LEEWAY * wanted)


def divide(
    centres: NDArray[np.float32],
    positions: NDArray[np.float32],
    before: NDArray[np.int32] | None = None,
) -> NDArray[np.int32]:
    """The number of each entry's neighbourhood, `int32[e]`; every number up to the highest is
    there, and the largest is 0. `positions` (`float32[e, 2]`) are the places on the map. Where the
    neighbourhoods `before` (-1 for entries that were in none) still suit, they go on: the other
    entries join the one with the nearest middle."""
    from scipy.spatial.distance import cdist  # takes a while to import
    from sklearn.cluster import KMeans

    count = len(positions)
    if how_many(count) < 2:
        return np.zeros(count, dtype=np.int32)
    features = _features(centres, positions)
    before = np.full(count, -1, dtype=np.int32) if before is None else before
    old = np.unique(before[before >= 0])
    if len(old) and old[-1] + 1 == len(old) and still_suits(len(old), count):
        middles = [features[before == number].mean(axis=0) for number in old]
        nearest = cdist(features, middles).argmin(axis=1)
        return np.where(before >= 0, before, nearest).astype(np.int32)
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
