"""Which entries form a neighbourhood: what is close in the space, and hangs together on the map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.courtesy import give_way
from index.space.graph import Graph

MOST = 20  # neighbourhoods
PER_ROOT = 0.75  # neighbourhoods, for the root of the number of entries
COMPARED = 1_500  # entries that are compared each with each
MAP = 1.0  # weight of the map beside the space, when both are as spread
BESIDE = 8  # entries on the map that have a say
LOYALTY = 3  # votes of an entry for the neighbourhood that it is in
ROUNDS = 3  # in which entries join those around them
SMALLEST = 3  # entries
LEEWAY = 0.35  # share by which neighbourhoods may be more or fewer than suit the entries


def how_many(entries: int) -> int:
    """How many neighbourhoods suit so many entries."""
    if entries < 2 * SMALLEST:
        return min(1, entries)
    return int(np.clip(round(PER_ROOT * np.sqrt(entries)), 1, MOST))


def still_suits(count: int, entries: int) -> bool:
    """Whether `count` neighbourhoods are about as many as suit so many entries."""
    wanted = how_many(entries)
    return abs(count - wanted) <= max(1, LEEWAY * wanted)


def divide(graph: Graph, positions: NDArray[np.float32]) -> NDArray[np.int32]:
    """The number of each entry's neighbourhood, `int32[e]`, from 0 for the largest; every number
    up to the highest is there. `positions` (`float32[e, 2]`) are the places on the map."""
    from scipy.cluster.hierarchy import fcluster, ward  # take a while to import

    entries = len(positions)
    wanted = how_many(entries)
    if wanted < 2:
        return np.zeros(entries, dtype=np.int32)
    features = _features(graph.centres, positions)
    chosen = np.arange(entries)
    if entries > COMPARED:
        chosen = np.sort(np.random.default_rng(3).permutation(entries)[:COMPARED])
    found = fcluster(ward(features[chosen]), wanted, criterion="maxclust") - 1
    middles = np.stack([features[chosen][found == number].mean(axis=0) for number in set(found)])
    numbers = _nearest(features, middles)
    numbers = _joined(graph, positions, numbers, len(middles))
    return by_size(numbers)


def continued(
    graph: Graph, positions: NDArray[np.float32], before: NDArray[np.int32]
) -> NDArray[np.int32]:
    """The division `before` (`int32[e]`, -1 for entries that were in none), those that were in none
    being in the neighbourhood with the nearest middle."""
    count = int(before.max()) + 1
    placed = np.flatnonzero(before >= 0)
    features = _features(graph.centres, positions)
    middles = np.stack([features[placed[before[placed] == at]].mean(axis=0) for at in range(count)])
    return np.where(before >= 0, before, _nearest(features, middles)).astype(np.int32)


def by_size(numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    """The same division, with 0 for the largest part, 1 for the next, and none left out."""
    values, counts = np.unique(numbers, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    new = np.empty(len(values), dtype=np.int32)
    new[order] = np.arange(len(values), dtype=np.int32)
    return new[np.searchsorted(values, numbers)]


def renumbered(numbers: NDArray[np.int32], before: NDArray[np.int32]) -> NDArray[np.int32]:
    """The division `numbers` (`int32[e]`, from `by_size`), in which a part that is mostly one of
    `before` has the number of that: `before` is -1 for entries that were in none."""
    count = int(numbers.max(initial=-1)) + 1
    there = before >= 0
    width = max(int(before.max(initial=-1)) + 1, count)
    shared = np.zeros((count, width), dtype=np.int64)
    np.add.at(shared, (numbers[there], before[there]), 1)
    new = np.full(count, -1, dtype=np.int32)
    free = list(range(count))
    sizes = np.bincount(before[there], minlength=width)
    for one, old in sorted(np.ndindex(shared.shape), key=lambda pair: -shared[pair]):
        mostly = 2 * shared[one, old] > max(int((numbers == one).sum()), int(sizes[old]))
        if mostly and new[one] < 0 and old in free:
            new[one] = old
            free.remove(old)
    for one in range(count):
        if new[one] < 0:
            new[one] = free.pop(0)
    return new[numbers]


def _features(centres: NDArray[np.float32], positions: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where entries are in the space and on the map, side by side."""
    in_space = centres - centres.mean(axis=0)
    on_map = positions - positions.mean(axis=0)
    spread = np.sqrt((in_space**2).sum(axis=1).mean())
    width = np.sqrt((on_map**2).sum(axis=1).mean())
    scale = MAP * spread / max(float(width), 1e-9)
    return np.concatenate([in_space, scale * on_map], axis=1).astype(np.float64)


def _nearest(features: NDArray[np.float64], middles: NDArray[np.float64]) -> NDArray[np.int32]:
    """The number of the middle that each entry is nearest to."""
    squares = (middles * middles).sum(axis=1) - 2 * features @ middles.T
    return np.asarray(squares.argmin(axis=1), dtype=np.int32)


def _joined(
    graph: Graph, positions: NDArray[np.float32], numbers: NDArray[np.int32], count: int
) -> NDArray[np.int32]:
    """The division after each entry has joined the neighbourhood of most around it, in the space
    and on the map, for a few rounds; neighbourhoods that are too small are taken up by others."""
    from scipy.spatial import KDTree  # takes a while to import

    entries = len(numbers)
    _, beside = KDTree(positions).query(positions, k=min(BESIDE + 1, entries))
    for _ in range(ROUNDS):
        votes = _votes(numbers, graph.nearest, beside, count)
        numbers = np.asarray(votes.argmax(axis=1), dtype=np.int32)
        give_way()
    small = np.bincount(numbers, minlength=count) < SMALLEST
    votes = _votes(numbers, graph.nearest, beside, count)
    votes[:, small] = -1
    return np.where(small[numbers], votes.argmax(axis=1), numbers).astype(np.int32)


def _votes(
    numbers: NDArray[np.int32],
    nearest: NDArray[np.int64],
    beside: NDArray[np.int64],
    count: int,
) -> NDArray[np.float64]:
    """How many of those around each entry are in each neighbourhood, `float64[e, count]`."""
    rows = np.arange(len(numbers))
    votes = np.zeros((len(numbers), count))
    for others in (nearest, beside):
        for column in others.T:
            votes[rows, numbers[column]] += 1
    votes[rows, numbers] += LOYALTY
    return votes
