"""Many entries on a map, moved until each is beside its neighbours and apart from all others.

The forces are those of UMAP (McInnes, Healy and Melville, 2018) with its curve 1 / (1 + d²): each
entry is drawn to its neighbours in the graph, and pushed away from a few that are drawn by lot, and
from those beside it on the map, so that crowds have room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.courtesy import give_way
from index.space.graph import Graph

STEPS = 150
MENDING = 45  # last of them, where the start is nearly right
DRAWN = 5  # entries by lot, that each is pushed away from in a step
RATE = 0.065  # of the first step; it falls to none
BESIDE = 8  # entries on the map that each is pushed away from in turn
AFRESH = 20  # steps, after which those are looked for again
CROWDED = 2.0  # times as much as from one that is drawn by lot
LONGEST = 4.0  # way of an entry by one force


def settle(graph: Graph, start: NDArray[np.float32], *, mend: bool = False) -> NDArray[np.float32]:
    """The places of the entries of `graph` (`float32[e, 2]`, of any scale), moved from `start`;
    with `mend` in the last and smallest steps only."""
    from scipy.spatial import KDTree  # takes a while to import

    entries, count = graph.nearest.shape
    rows = np.repeat(np.arange(entries), count)
    columns = graph.nearest.ravel()
    lot = np.random.default_rng(2)
    places = start.astype(np.float32).copy()
    _, beside = KDTree(places).query(places, k=min(BESIDE + 1, entries))
    for step in range(STEPS - MENDING if mend else 0, STEPS):
        between = places[rows] - places[columns]
        squares = (between * between).sum(axis=1)
        pull = between * (2 / (1 + squares))[:, None]
        moves = np.zeros_like(places)
        for axis in range(2):
            along = pull[:, axis]
            moves[:, axis] -= along.reshape(entries, count).sum(axis=1)
            moves[:, axis] += np.bincount(columns, along, entries)
        for _ in range(DRAWN):
            moves += _push(places - places[lot.integers(0, entries, entries)])
        if step % AFRESH == AFRESH - 1:
            _, beside = KDTree(places).query(places, k=min(BESIDE + 1, entries))
        one = 1 + step % (beside.shape[1] - 1)
        moves += CROWDED * _push(places - places[beside[:, one]])
        places += np.clip(RATE * (1 - step / STEPS) * moves, -1, 1)
        give_way()
    return np.asarray(places - places.mean(axis=0), dtype=np.float32)


def _push(away: NDArray[np.float32]) -> NDArray[np.float32]:
    """The way of each entry by the force of one that lies `away` from it, both `float32[e, 2]`."""
    squares = (away * away).sum(axis=1)
    push = away * (2 / ((0.01 + squares) * (1 + squares)))[:, None]
    return np.asarray(np.clip(push, -LONGEST, LONGEST), dtype=np.float32)
