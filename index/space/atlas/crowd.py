"""Many entries on a map, moved until each is beside its neighbours and apart from all others.

The forces are those of UMAP (McInnes, Healy and Melville, 2018) with its curve 1 / (1 + d²): each
entry is drawn to its neighbours in the graph, and pushed away from a few that are drawn by lot.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.courtesy import give_way
from index.space.graph import Graph

STEPS = 200
DRAWN = 5  # entries by lot, that each is pushed away from in a step
RATE = 0.05  # of the first step; it falls to none
LONGEST = 4.0  # way of an entry by one force


def settle(graph: Graph, start: NDArray[np.float32]) -> NDArray[np.float32]:
    """The places of the entries of `graph` (`float32[e, 2]`, of any scale), moved from `start`."""
    entries, count = graph.nearest.shape
    rows = np.repeat(np.arange(entries), count)
    columns = graph.nearest.ravel()
    lot = np.random.default_rng(2)
    places = start.astype(np.float32).copy()
    for step in range(STEPS):
        between = places[rows] - places[columns]
        squares = (between * between).sum(axis=1)
        pull = between * (2 / (1 + squares))[:, None]
        moves = np.zeros_like(places)
        for axis in range(2):
            along = pull[:, axis]
            moves[:, axis] -= along.reshape(entries, count).sum(axis=1)
            moves[:, axis] += np.bincount(columns, along, entries)
        for _ in range(DRAWN):
            others = lot.integers(0, entries, entries)
            away = places - places[others]
            squares = (away * away).sum(axis=1)
            push = away * (2 / ((0.01 + squares) * (1 + squares)))[:, None]
            moves += np.clip(push, -LONGEST, LONGEST)
        places += np.clip(RATE * (1 - step / STEPS) * moves, -1, 1)
        give_way()
    return np.asarray(places - places.mean(axis=0), dtype=np.float32)
