"""Building a map: it is stable under small changes, and its neighbourhoods are coherent."""

import numpy as np
import pytest

from index.map.atlas import Atlas
from index.map.build import PreviousMap, build_map, cluster_entries, neighbourhood_count, update_map
from index.map.layout import lay_out
from index.statistics.knn_graph import Graph
from tests.unit.index.vectors import clusters, entries, scattered

SIZES = [30, 20, 25]
COUNT = sum(SIZES)


@pytest.fixture(scope="module")
def whole() -> Atlas:
    return build_map(entries(COUNT), Graph.of(clusters(SIZES)))


def before(atlas: Atlas, chosen: list[int]) -> PreviousMap:
    """The state of the map when only the chosen entries existed."""
    all_entries = entries(COUNT)
    return PreviousMap(atlas, [all_entries[at].id for at in chosen], clusters(SIZES)[chosen])


def of_part(chosen: list[int]) -> PreviousMap:
    all_entries = entries(COUNT)
    atlas = build_map([all_entries[at] for at in chosen], Graph.of(clusters(SIZES)[chosen]))
    return before(atlas, chosen)


def test_new_entries_are_placed_next_to_their_neighbours() -> None:
    chosen = [at for at in range(COUNT) if at % 10]
    old = of_part(chosen)
    atlas = update_map(entries(COUNT), clusters(SIZES), old)
    assert atlas is not None
    assert np.array_equal(atlas.positions[chosen], old.atlas.positions)
    assert np.array_equal(atlas.neighbourhood_of[chosen], old.atlas.neighbourhood_of)
    assert atlas.names == old.atlas.names
    owner = np.repeat(range(3), SIZES)
    for at in range(0, COUNT, 10):
        apart = np.linalg.norm(atlas.positions - atlas.positions[at], axis=1)
        apart[at] = np.inf
        assert owner[int(apart.argmin())] == owner[at]
        assert apart.min() > 0.01


def test_an_entry_with_a_new_meaning_moves_on_the_map(whole: Atlas) -> None:
    centres = clusters(SIZES)
    centres[0] = centres[-1]
    atlas = update_map(entries(COUNT), centres, before(whole, list(range(COUNT))))
    assert atlas is not None
    assert atlas.neighbourhood_of[0] == whole.neighbourhood_of[-1]
    assert np.array_equal(atlas.positions[1:], whole.positions[1:])
    assert not np.array_equal(atlas.positions[0], whole.positions[0])


@pytest.mark.parametrize("chosen", [list(range(0, COUNT, 2)), list(range(5)), []])
def test_a_map_is_rebuilt_after_a_large_change(chosen: list[int]) -> None:
    assert update_map(entries(COUNT), clusters(SIZES), of_part(chosen)) is None


def test_clusters_become_neighbourhoods_ordered_by_size() -> None:
    graph = Graph.of(clusters([14, 30, 20]))
    numbers = cluster_entries(graph.centres, lay_out(graph))
    for start, end in ((0, 14), (14, 44), (44, 64)):
        others = np.concatenate([numbers[:start], numbers[end:]])
        assert not set(numbers[start:end].tolist()) & set(others.tolist())
    assert numbers.max() + 1 <= neighbourhood_count(64)
    assert np.all(np.diff(np.bincount(numbers)) <= 0)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6, 40])
def test_every_entry_is_in_a_neighbourhood(count: int) -> None:
    graph = Graph.of(scattered(count))
    numbers = cluster_entries(graph.centres, lay_out(graph))
    assert numbers.shape == (count,)
    assert set(numbers.tolist()) == set(range(int(numbers.max(initial=-1)) + 1))
