"""Drawing the atlas of a generation, or bringing that of the one before up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.entry import Entry
from index.map.atlas import Atlas
from index.map.cluster_labels import named
from index.map.layout import lay_out, spread_apart
from index.statistics.knn_graph import Graph

FEW = 0.2  # share of entries that are new or gone, up to which the others stay where they are
SAME = 0.95  # cosine of an entry's place with that before, from which it is where it was
MOST = 20  # neighbourhoods
PER_ROOT = 0.75  # neighbourhoods, for the root of the number of entries
SMALLEST = 3  # entries
MAP = 1.0  # weight of the map beside the space, when both are as spread
STARTS = 8  # divisions of which the closest is taken


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """The map of the generation before: its `atlas`, the `ids` of its entries in their order, and
    where they lay in the space (`centres`, `float32[e, d]`, unit rows)."""

    atlas: Atlas
    ids: Sequence[str]
    centres: NDArray[np.float32]


def draw(entries: Sequence[Entry], graph: Graph) -> Atlas:
    """The map of `entries`, which lie in the space as `graph` has them."""
    positions = lay_out(graph)
    numbers = divide(graph.centres, positions)
    return Atlas(positions, numbers, named(entries, numbers), _centrality(graph))


def carried(entries: Sequence[Entry], centres: NDArray[np.float32], before: Before) -> Atlas | None:
    """The map `before`, brought up to date for `entries` that lie at `centres` (`float32[e, d]`):
    those that are still there stay where they are, and each other one is put beside the one nearest
    to it. None where too much is another, so that it should be drawn again."""
    number_of = {entry_id: number for number, entry_id in enumerate(before.ids)}
    known = [at for at, entry in enumerate(entries) if entry.id in number_of]
    was = [number_of[entries[at].id] for at in known]
    rows, old = np.array(known, dtype=np.int64), np.array(was, dtype=np.int64)
    same = np.einsum("ij,ij->i", centres[rows], before.centres[old]) >= SAME
    rows, old = rows[same], old[same]
    changes = max(len(entries), len(before.ids)) - len(rows)
    if not len(rows) or changes > FEW * len(entries):
        return None
    is_new = ~np.isin(np.arange(len(entries)), rows)
    like = np.zeros(len(entries), dtype=np.int64)  # whose place and neighbourhood each has
    like[rows] = old
    like[is_new] = old[(centres[is_new] @ centres[rows].T).argmax(axis=1)]
    atlas = before.atlas
    numbers = atlas.neighbourhood_of[like]
    if len(np.unique(numbers)) < len(atlas.names):
        return None  # a neighbourhood has nobody left
    positions = spread_apart(atlas.positions[like], is_new)
    return Atlas(positions, numbers, atlas.names, atlas.centrality[like])


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
    in_space = centres - centres.mean(axis=0)
    on_map = positions - positions.mean(axis=0)
    scale = MAP * np.linalg.norm(in_space) / max(float(np.linalg.norm(on_map)), 1e-9)
    features = np.concatenate([in_space, scale * on_map], axis=1).astype(np.float64)
    with threadpool_limits(1):  # several threads would not give the same each time
        found = KMeans(how_many(count), n_init=STARTS, random_state=0).fit(features)
    large = np.bincount(found.labels_, minlength=how_many(count)) >= SMALLEST
    numbers = found.transform(features)[:, large].argmin(axis=1)
    _, numbers, sizes = np.unique(numbers, return_inverse=True, return_counts=True)
    rank = np.argsort(np.argsort(-sizes, kind="stable"))
    return np.asarray(rank[numbers], dtype=np.int32)


def _centrality(graph: Graph) -> NDArray[np.float32]:
    """How central each entry is, 0…1: how many others have it among their nearest, and how near
    it is to them, against the most central one."""
    entries = len(graph.nearest)
    weights = np.bincount(
        graph.nearest.ravel(), graph.cosines.ravel().clip(0).astype(np.float64), entries
    )
    return np.asarray(weights / max(float(weights.max(initial=0)), 1e-9), dtype=np.float32)
