"""Drawing the atlas of a generation: anew, or from that of the generation before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.space.atlas.atlas import Atlas
from index.space.atlas.layout import lay_out, spread_apart
from index.space.atlas.naming import named
from index.space.atlas.neighbourhoods import divide
from index.space.graph import Graph

FEW = 0.2  # share of entries that are new or gone, up to which the others stay where they are
SAME = 0.95  # cosine of an entry's place with that before, from which it is where it was

NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """The map of the generation before: its `atlas`, the `ids` of its entries in their order, and
    where they lay in the space (`centres`, `float32[e, d]`, unit rows)."""

    atlas: Atlas
    ids: Sequence[str]
    centres: NDArray[np.float32]


def draw(entries: Sequence[Entry], graph: Graph, before: Before | None = None) -> Atlas:
    """The map of `entries`, which lie in the space as `graph` has them, drawn anew. It is begun
    from the map `before` where most entries were on that."""
    rows, old = _stayed(entries, graph.centres, before) if before else (NONE, NONE)
    begin = None
    if before is not None and 2 * len(rows) > len(entries):
        begin = np.full((len(entries), 2), np.nan, dtype=np.float32)
        begin[rows] = before.atlas.positions[old]
    positions = lay_out(graph, begin)
    numbers = divide(graph.centres, positions)
    return Atlas(positions, numbers, named(entries, numbers), _centrality(graph))


def carried(entries: Sequence[Entry], centres: NDArray[np.float32], before: Before) -> Atlas | None:
    """The map `before`, brought up to date for `entries` that lie at `centres` (`float32[e, d]`):
    those that are still there stay where they are, and each other one is put beside the one nearest
    to it. None where too much is another, so that it should be drawn again."""
    rows, old = _stayed(entries, centres, before)
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


def _stayed(
    entries: Sequence[Entry], centres: NDArray[np.float32], before: Before
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of those entries that were there before and are where they were, and the numbers
    that they had then."""
    number_of = {entry_id: number for number, entry_id in enumerate(before.ids)}
    pairs = [
        (row, number_of[entry.id]) for row, entry in enumerate(entries) if entry.id in number_of
    ]
    rows, old = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    if before.centres.shape[1:] != centres.shape[1:]:
        return rows, old
    same = np.einsum("ij,ij->i", centres[rows], before.centres[old]) >= SAME
    return rows[same], old[same]


def _centrality(graph: Graph) -> NDArray[np.float32]:
    """How central each entry is, 0…1: how many others have it among their nearest, and how near
    it is to them, against the most central one."""
    entries = len(graph.nearest)
    weights = np.bincount(
        graph.nearest.ravel(), graph.cosines.ravel().clip(0).astype(np.float64), entries
    )
    return np.asarray(weights / max(float(weights.max(initial=0)), 1e-9), dtype=np.float32)
