"""The graph of entries and the paths through it."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from index.statistics.knn_graph import NEIGHBOURS, Graph
from tests.unit.index.vectors import scattered


def distant_clusters() -> NDArray[np.float32]:
    """Two distant clusters, each larger than the number of neighbours of a node."""
    crowd = 0.05 * scattered(NEIGHBOURS + 5, 1) + np.eye(16, dtype=np.float32)[0]
    both = np.concatenate([crowd, -crowd])
    return np.asarray(both / np.linalg.norm(both, axis=1, keepdims=True))


def test_each_node_is_connected_to_its_nearest_neighbours() -> None:
    centres = scattered(60, 3)
    graph = Graph.of(centres)
    cosines = centres @ centres.T
    np.fill_diagonal(cosines, -np.inf)
    assert np.array_equal(graph.nearest[:, 0], cosines.argmax(axis=1))
    assert np.all(np.diff(graph.cosines, axis=1) <= 0)


def test_a_path_prefers_several_short_steps_to_a_long_one() -> None:
    angles = np.linspace(0, 1, 6)  # along a circle, in small steps
    arc = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert Graph.of(arc).path(0, 5) == [0, 1, 2, 3, 4, 5]


def test_two_separate_clusters_are_bridged() -> None:
    graph = Graph.of(distant_clusters())
    way = graph.path(0, len(graph.centres) - 1)
    assert way[-1] == len(graph.centres) - 1
    assert any(graph.centres[a] @ graph.centres[b] < 0 for a, b in pairwise(way))


@pytest.mark.parametrize("count", [1, 2])
def test_a_graph_of_one_or_two_entries_has_a_path(count: int) -> None:
    graph = Graph.of(scattered(count, 5))
    assert graph.path(0, count - 1) == list(range(count))
