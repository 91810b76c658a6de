"""Build the map of a generation, or update the map of the previous generation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from index.entry import Entry
from index.map.atlas import Atlas
from index.map.cluster_labels import name_neighbourhoods
from index.map.layout import lay_out, spread_apart
from index.statistics.knn_graph import Graph

MAX_CHANGED_SHARE = 0.2  # share of changed entries above which the map is rebuilt
MIN_UNCHANGED_COSINE = 0.95  # between the old and new centres of an unchanged entry
MAX_NEIGHBOURHOODS = 20
NEIGHBOURHOODS_PER_SQRT = 0.75
MIN_ENTRIES = 3  # in a neighbourhood
KMEANS_INITS = 8


@dataclass(frozen=True, slots=True, eq=False)
class PreviousMap:
    """The `atlas` of the previous generation, with the `ids` and the `centres` of its entries. A
    centre is the mean direction of an entry's passages (`float32[e, d]`, unit rows)."""

    atlas: Atlas
    ids: Sequence[str]
    centres: NDArray[np.float32]


def build_map(entries: Sequence[Entry], graph: Graph) -> Atlas:
    """Build the map of `entries`; node i of `graph` is entry i."""
    positions = lay_out(graph)
    numbers = cluster_entries(graph.centres, positions)
    centrality = _centrality(graph)
    names = name_neighbourhoods(entries, numbers, graph.centres, centrality)
    return Atlas(positions, numbers, names, centrality)


def update_map(
    entries: Sequence[Entry], centres: NDArray[np.float32], before: PreviousMap
) -> Atlas | None:
    """Update the map `before` to `entries` and their `centres` (`float32[e, d]`). Unchanged entries
    keep their positions; others are placed next to their nearest unchanged entry. Return None if
    too many entries changed, or if a neighbourhood became empty."""
    number_of = {entry_id: number for number, entry_id in enumerate(before.ids)}
    kept = [at for at, entry in enumerate(entries) if entry.id in number_of]
    old_numbers = [number_of[entries[at].id] for at in kept]
    rows, old = np.array(kept, dtype=np.int64), np.array(old_numbers, dtype=np.int64)
    unchanged = np.einsum("ij,ij->i", centres[rows], before.centres[old]) >= MIN_UNCHANGED_COSINE
    rows, old = rows[unchanged], old[unchanged]
    changes = max(len(entries), len(before.ids)) - len(rows)
    if not len(rows) or changes > MAX_CHANGED_SHARE * len(entries):
        return None
    is_new = ~np.isin(np.arange(len(entries)), rows)
    source = np.zeros(len(entries), dtype=np.int64)  # the old entry whose position each entry gets
    source[rows] = old
    source[is_new] = old[(centres[is_new] @ centres[rows].T).argmax(axis=1)]
    atlas = before.atlas
    numbers = atlas.neighbourhood_of[source]
    if len(np.unique(numbers)) < len(atlas.names):
        return None
    positions = spread_apart(atlas.positions[source], is_new)
    return Atlas(positions, numbers, atlas.names, atlas.centrality[source])


def neighbourhood_count(entries: int) -> int:
    if entries < 2 * MIN_ENTRIES:
        return min(1, entries)
    return int(np.clip(round(NEIGHBOURHOODS_PER_SQRT * np.sqrt(entries)), 1, MAX_NEIGHBOURHOODS))


def cluster_entries(
    centres: NDArray[np.float32], positions: NDArray[np.float32]
) -> NDArray[np.int32]:
    """Return the neighbourhood number of each entry, `int32[e]`; number 0 is the largest
    neighbourhood. Entries are clustered by their `centres` (`float32[e, d]`) and their `positions`
    on the map (`float32[e, 2]`)."""
    count = neighbourhood_count(len(positions))
    if count < 2:
        return np.zeros(len(positions), dtype=np.int32)
    in_space = centres - centres.mean(axis=0)
    on_map = positions - positions.mean(axis=0)
    scale = np.linalg.norm(in_space) / max(float(np.linalg.norm(on_map)), 1e-9)
    features = np.concatenate([in_space, scale * on_map], axis=1).astype(np.float64)
    with threadpool_limits(1):  # several threads are not deterministic
        found = KMeans(count, n_init=KMEANS_INITS, random_state=0).fit(features)
    large = np.bincount(found.labels_, minlength=count) >= MIN_ENTRIES
    numbers = found.transform(features)[:, large].argmin(axis=1)
    _, numbers, sizes = np.unique(numbers, return_inverse=True, return_counts=True)
    rank = np.argsort(np.argsort(-sizes, kind="stable"))
    return np.asarray(rank[numbers], dtype=np.int32)


def _centrality(graph: Graph) -> NDArray[np.float32]:
    """Return the centrality of each entry, `float32[e]`: the sum of its cosines to the entries of
    which it is a nearest neighbour, divided by the highest such sum."""
    entries = len(graph.nearest)
    weights = np.bincount(
        graph.nearest.ravel(), graph.cosines.ravel().clip(0).astype(np.float64), entries
    )
    return np.asarray(weights / max(float(weights.max(initial=0)), 1e-9), dtype=np.float32)
