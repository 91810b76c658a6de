"""An atlas is saved reproducibly and places texts."""

from pathlib import Path

import numpy as np
import pytest

from index.map.atlas import Atlas
from index.map.build import build_map
from index.statistics.knn_graph import Graph
from tests.unit.index.vectors import clusters, entries

SIZES = [12, 9, 15]


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return build_map(entries(sum(SIZES)), Graph.of(clusters(SIZES)))


def test_a_text_between_two_clusters_is_placed_in_one_of_them(atlas: Atlas) -> None:
    numbers = np.array([0, 1, 2, 22, 23])
    x, y, neighbourhood = atlas.at(numbers, np.array([0.9, 0.89, 0.88, 0.86, 0.8]))
    assert neighbourhood == atlas.neighbourhood_of[0]
    assert np.linalg.norm(atlas.positions[:12] - (x, y), axis=1).min() < 0.1


def test_an_index_without_entries_has_an_empty_map() -> None:
    nothing = build_map([], Graph.of(np.zeros((0, 4), dtype=np.float32)))
    assert (len(nothing.positions), nothing.names) == (0, ())


def test_equal_maps_are_saved_as_equal_bytes(atlas: Atlas, tmp_path: Path) -> None:
    for name in ("one", "other"):
        build_map(entries(sum(SIZES)), Graph.of(clusters(SIZES))).save(tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
