"""The graph of entries: each is joined with those nearest to it.

scipy and scikit-learn take a while to import, and most processes need no graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

NEIGHBOURS = 10  # of an entry, in the graph
LEAST = 1e-3  # length of an edge; scipy takes zero for no edge


@dataclass(eq=False)
class Graph:
    """Entries by their numbers, joined by edges. `nearest` and `cosines` (`int64[e, k]` and
    `float32[e, k]`) are the k entries nearest to each by their places, the nearest first."""

    nearest: NDArray[np.int64]
    cosines: NDArray[np.float32]
    centres: NDArray[np.float32]

    @classmethod
    def of(cls, centres: NDArray[np.float32]) -> Graph:
        """The graph of entries that lie at `centres` (`float32[e, d]`, unit rows)."""
        from sklearn.neighbors import NearestNeighbors

        count = max(0, min(NEIGHBOURS, len(centres) - 1))
        if not count:
            nothing = np.zeros((len(centres), 0), dtype=np.int64)
            return cls(nothing, nothing.astype(np.float32), centres)
        search = NearestNeighbors(n_neighbors=count, metric="cosine").fit(centres)
        distances, nearest = search.kneighbors()
        return cls(nearest, np.asarray(1 - distances, dtype=np.float32), centres)

    @cached_property
    def costs(self) -> csr_array:
        """The edges, both ways, each with the fourth power of its length 1 - cosine: a long step
        costs more than several short ones."""
        from scipy.sparse import coo_array, csr_array

        entries, count = self.nearest.shape
        ends = np.repeat(np.arange(entries), count), self.nearest.ravel()
        costs = np.maximum(1 - self.cosines.ravel(), LEAST).astype(np.float64) ** 4
        one_way = csr_array(coo_array((costs, ends), shape=(entries, entries)))
        return csr_array(one_way.maximum(one_way.T))

    def path(self, start: int, end: int) -> list[int]:
        """The cheapest way from one entry to another; a step from the one to the other where the
        edges give none."""
        from scipy.sparse.csgraph import dijkstra

        _, before = dijkstra(self.costs, indices=start, return_predecessors=True)
        if start != end and before[end] < 0:
            return [start, end]
        way = [end]
        while way[-1] != start:
            way.append(int(before[way[-1]]))
        return way[::-1]
