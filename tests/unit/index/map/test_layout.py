"""Positions on the map: in range, separate, by similarity, and reproducible."""

import numpy as np
import pytest
from numpy.typing import NDArray

from index.map import layout
from index.map.layout import lay_out, least_distance
from index.statistics.knn_graph import Graph
from tests.unit.index.vectors import clusters, scattered


def nearest_distances(places: NDArray[np.float32]) -> NDArray[np.float32]:
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(apart, np.inf)
    return np.asarray(apart.min(axis=1))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 45])
def test_positions_are_in_range_separate_and_reproducible(count: int) -> None:
    graph = Graph.of(scattered(count, 7))
    places = lay_out(graph)
    assert places.shape == (count, 2)
    assert places.dtype == np.float32
    assert np.all((places >= 0) & (places <= 1))
    assert lay_out(graph).tobytes() == places.tobytes()
    if count > 1:
        assert nearest_distances(places).min() > 0.9 * least_distance(count)


@pytest.mark.parametrize("count", [2, 3, 30])
def test_entries_with_equal_vectors_are_shown_side_by_side(count: int) -> None:
    centres = np.repeat(scattered(1), count, axis=0)
    places = lay_out(Graph.of(centres))
    assert nearest_distances(places).min() > 0.5 * least_distance(count)


@pytest.mark.parametrize("most", [100, 30])
def test_clusters_stay_together_and_fill_the_map(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """This also holds when t-SNE lays out only part of the entries."""
    monkeypatch.setattr(layout, "MOST", most)
    places = lay_out(Graph.of(clusters([20, 30])))
    one, other = places[:20], places[20:]
    assert np.linalg.norm(one.mean(axis=0) - other.mean(axis=0)) > 0.3
    middles = np.stack([one.mean(axis=0), other.mean(axis=0)])
    beside = np.linalg.norm(places[:, None] - middles, axis=2).argmin(axis=1)
    assert np.array_equal(beside, np.repeat([0, 1], [20, 30]))
    assert np.all(np.ptp(places, axis=0) > 0.7)
