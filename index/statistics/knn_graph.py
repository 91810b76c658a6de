"""The k-nearest-neighbour graph of entries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from sklearn.neighbors import NearestNeighbors

NEIGHBOURS = 10  # edges from each entry
LEAST = 1e-3  # minimum length of an edge; scipy treats zero as no edge


@dataclass(eq=False)
class Graph:
    """The k nearest entries of each entry. `nearest` (`int64[e, k]`) holds their row indices and
    `cosines` (`float32[e, k]`) their cosine similarities, nearest first. `centres` (`float32[e,
    d]`, unit rows) are the mean directions of the entries' passages."""

    nearest: NDArray[np.int64]
    cosines: NDArray[np.float32]
    centres: NDArray[np.float32]

    @classmethod
    def of(cls, centres: NDArray[np.float32]) -> Graph:
        """Find the `NEIGHBOURS` nearest entries of each entry, or fewer in a small index."""
        count = max(0, min(NEIGHBOURS, len(centres) - 1))
        if not count:
            nothing = np.zeros((len(centres), 0), dtype=np.int64)
            return cls(nothing, nothing.astype(np.float32), centres)
        search = NearestNeighbors(n_neighbors=count, metric="cosine").fit(centres)
        distances, nearest = search.kneighbors()
        return cls(nearest, np.asarray(1 - distances, dtype=np.float32), centres)

    @cached_property
    def costs(self) -> csr_array:
        """The symmetric cost matrix, `float64[e, e]`. An edge costs the fourth power of its length,
        1 - cosine, so that one long step costs more than several short ones."""
        entries, count = self.nearest.shape
        ends = np.repeat(np.arange(entries), count), self.nearest.ravel()
        costs = np.maximum(1 - self.cosines.ravel(), LEAST).astype(np.float64) ** 4
        one_way = csr_array(coo_array((costs, ends), shape=(entries, entries)))
        return csr_array(one_way.maximum(one_way.T))

    def path(self, start: int, end: int) -> list[int]:
        """Return the cheapest path between two entries, as row indices. Unconnected entries are
        joined directly."""
        _, predecessors = dijkstra(self.costs, indices=start, return_predecessors=True)
        if start != end and predecessors[end] < 0:
            return [start, end]
        steps = [end]
        while steps[-1] != start:
            steps.append(int(predecessors[steps[-1]]))
        return steps[::-1]
