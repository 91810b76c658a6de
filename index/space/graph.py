"""The graph of entries: each is joined with those nearest to it, and all hang together.

scipy and scikit-learn take a while to import, and most processes need no graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

NEIGHBOURS = 10  # of an entry, in the graph
LEAST = 1e-6  # length of an edge; scipy takes zero for no edge


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
    def lengths(self) -> csr_array:
        """The edges, both ways, with their lengths 1 - cosine; all entries hang together."""
        from scipy.sparse.csgraph import connected_components

        entries, count = self.nearest.shape
        rows = np.repeat(np.arange(entries), count)
        edges = _both_ways(rows, self.nearest.ravel(), 1 - self.cosines.ravel(), entries)
        while (found := connected_components(edges, directed=False))[0] > 1:
            edges = edges + self._bridge(found[1])
        return edges

    def _bridge(self, component_of: NDArray[np.int32]) -> csr_array:
        """The shortest edge from the smallest part that hangs together to any other."""
        smallest = int(np.bincount(component_of).argmin())
        inside = np.flatnonzero(component_of == smallest)
        outside = np.flatnonzero(component_of != smallest)
        cosines = self.centres[inside] @ self.centres[outside].T
        one, other = np.unravel_index(int(cosines.argmax()), cosines.shape)
        return _both_ways(
            inside[[one]], outside[[other]], 1 - cosines[[one], [other]], len(component_of)
        )

    @cached_property
    def tree(self) -> csr_array:
        """The shortest tree that joins all: between any two entries its weakest edge is the
        strongest that a path can have."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import minimum_spanning_tree

        tree = minimum_spanning_tree(self.lengths)
        return csr_array(tree + tree.T)

    def path(self, start: int, end: int) -> list[int]:
        """The shortest way from one entry to another, among those whose weakest edge is as strong
        as can be."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order, dijkstra

        if start == end:
            return [start]
        _, before = breadth_first_order(self.tree, start, directed=False)
        on_tree = _back(before, start, end)
        longest = max(self.tree[a, b] for a, b in pairwise(on_tree))
        kept = self.lengths.tocoo()
        short = kept.data <= longest + LEAST
        graph = csr_array(
            (kept.data[short], (kept.row[short], kept.col[short])), shape=self.lengths.shape
        )
        _, before = dijkstra(graph, indices=start, return_predecessors=True)
        return _back(before, start, end)


def _both_ways(
    rows: NDArray[np.int64], columns: NDArray[np.int64], lengths: NDArray[np.float32], size: int
) -> csr_array:
    from scipy.sparse import coo_array, csr_array

    lengths = np.maximum(lengths, LEAST)
    one_way = csr_array(coo_array((lengths, (rows, columns)), shape=(size, size)))
    return csr_array(one_way.maximum(one_way.T))


def _back(before: NDArray[np.int32], start: int, end: int) -> list[int]:
    """The way from `start` to `end`, where `before` says which one is before each."""
    way = [end]
    while way[-1] != start:
        way.append(int(before[way[-1]]))
    return way[::-1]
