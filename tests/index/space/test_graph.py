"""The graph of entries: all hang together, and a path keeps to the strongest links there are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.space.graph import NEIGHBOURS, Graph


def places(count: int, seed: int, dimensions: int = 8) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def islands() -> NDArray[np.float32]:
    """Two crowds on opposite sides, each larger than the neighbours that an entry is joined to."""
    crowd = 0.05 * places(NEIGHBOURS + 5, 1) + np.eye(8, dtype=np.float32)[0]
    both = np.concatenate([crowd, -crowd])
    return np.asarray(both / np.linalg.norm(both, axis=1, keepdims=True))


def strengths(graph: Graph) -> NDArray[np.float64]:
    """The cosine of each edge, and -inf where there is none."""
    lengths = graph.lengths.toarray()
    return np.where(lengths > 0, 1 - lengths, -np.inf)


def widest(links: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weakest link of the best path between any two, after Floyd and Warshall."""
    best = links.copy()
    for over in range(len(best)):
        best = np.maximum(best, np.minimum(best[:, [over]], best[[over], :]))
    return best


def test_each_is_joined_with_the_nearest_of_all() -> None:
    centres = places(60, 3)
    graph = Graph.of(centres)
    cosines = centres @ centres.T
    np.fill_diagonal(cosines, -np.inf)
    assert np.array_equal(graph.nearest[:, 0], cosines.argmax(axis=1))
    assert np.all(np.diff(graph.cosines, axis=1) <= 0)


@settings(deadline=None, max_examples=25)
@given(st.integers(2, 40), st.integers(0, 1_000))
def test_a_path_never_jumps_below_the_weakest_link_of_the_best(count: int, seed: int) -> None:
    graph = Graph.of(places(count, seed))
    links = strengths(graph)
    best = widest(links)
    for end in range(1, count):
        way = graph.path(0, end)
        assert (way[0], way[-1]) == (0, end)
        assert len(set(way)) == len(way)
        assert min(links[a, b] for a, b in pairwise(way)) >= best[0, end] - 1e-5


def test_two_islands_have_a_bridge() -> None:
    graph = Graph.of(islands())
    way = graph.path(0, len(graph.centres) - 1)
    assert way[-1] == len(graph.centres) - 1
    assert any(graph.centres[a] @ graph.centres[b] < 0 for a, b in pairwise(way))


@pytest.mark.parametrize("count", [1, 2])
def test_one_entry_and_two_are_a_graph_as_well(count: int) -> None:
    graph = Graph.of(places(count, 5))
    assert graph.path(0, count - 1) == list(range(count))
