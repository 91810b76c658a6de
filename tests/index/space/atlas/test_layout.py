"""Places on the map: within it, apart, by meaning, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.space.atlas import layout
from index.space.atlas.layout import aside, lay_out, least_distance, squeezed, turned
from index.space.atlas.trust import Trust
from index.space.graph import Graph
from tests.index.space.atlas.places import crowds, scattered


def nearest_distances(places: NDArray[np.float32]) -> NDArray[np.float32]:
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(apart, np.inf)
    return np.asarray(apart.min(axis=1))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 13])
def test_any_number_of_entries_has_places(count: int) -> None:
    places = lay_out(Graph.of(scattered(count, 7)))
    assert places.shape == (count, 2)
    assert places.dtype == np.float32
    assert np.all((places >= 0) & (places <= 1))
    if count > 1:
        assert nearest_distances(places).min() > 0.01


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 45), st.integers(0, 1_000), st.integers(1, 5))
def test_places_are_on_the_map_and_the_same_each_time(
    count: int, seed: int, dimensions: int
) -> None:
    graph = Graph.of(scattered(count, seed, dimensions))
    places = lay_out(graph)
    assert np.all((places >= 0) & (places <= 1))
    assert lay_out(graph).tobytes() == places.tobytes()


@pytest.mark.parametrize("count", [2, 3, 30])
def test_entries_at_one_place_are_shown_beside_one_another(count: int) -> None:
    centres = np.repeat(scattered(1), count, axis=0)
    places = lay_out(Graph.of(centres))
    assert nearest_distances(places).min() > 0.5 * least_distance(count)


def test_crowds_stay_crowds_and_fill_the_map() -> None:
    places = lay_out(Graph.of(crowds([20, 30])))
    one, other = places[:20], places[20:]
    assert np.linalg.norm(one.mean(axis=0) - other.mean(axis=0)) > 0.3
    middles = np.stack([one.mean(axis=0), other.mean(axis=0)])
    beside = np.linalg.norm(places[:, None] - middles, axis=2).argmin(axis=1)
    assert np.array_equal(beside, np.repeat([0, 1], [20, 30]))
    assert np.all(np.ptp(places, axis=0) > 0.7)


def test_many_entries_are_laid_out_by_their_most_central_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layout, "MOST", 60)
    centres = crowds([60, 80, 70, 50])
    graph = Graph.of(centres)
    places = lay_out(graph)
    assert lay_out(graph).tobytes() == places.tobytes()
    assert np.all((places >= 0) & (places <= 1))
    owner = np.repeat(range(4), [60, 80, 70, 50])
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(apart, np.inf)
    beside = np.argsort(apart, axis=1)[:, :5]
    assert (owner[beside] == owner[:, None]).mean() > 0.98


def test_one_that_lies_far_out_leaves_the_others_their_room() -> None:
    places = np.concatenate([scattered(200, 3, 2), [[900.0, 0.0]]]).astype(np.float32)
    shown = squeezed(places)
    assert shown[-1, 0] == shown[:, 0].max()
    assert np.ptp(shown[:-1, 0]) > 0.9


@given(st.floats(-3, 3), st.booleans())
def test_a_map_is_turned_back(angle: float, mirrored: bool) -> None:
    begin = scattered(40, 5, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    if mirrored:
        turn[:, 0] *= -1
    found = turned((begin @ turn + 4).astype(np.float32), begin)
    assert found - found.mean(axis=0) == pytest.approx(begin - begin.mean(axis=0), abs=1e-3)


def test_the_trust_in_a_map_is_that_of_scikit_learn() -> None:
    from sklearn.manifold import trustworthiness  # takes a second to import

    centres = scattered(70, 1)
    for places in (scattered(70, 2, 2), lay_out(Graph.of(centres))):
        theirs = trustworthiness(centres, places, n_neighbors=12, metric="cosine")
        assert Trust(centres).of(places) == pytest.approx(theirs, abs=1e-6)
    assert Trust(centres).of(lay_out(Graph.of(centres))) > Trust(centres).of(scattered(70, 2, 2))


def test_a_map_can_be_trusted_more_than_its_two_widest_directions() -> None:
    centres = crowds([12] * 10, seed=3)
    plain = centres - centres.mean(axis=0)
    widest = (plain @ np.linalg.svd(plain, full_matrices=False)[2][:2].T).astype(np.float32)
    trust = Trust(centres)
    assert trust.of(lay_out(Graph.of(centres))) > trust.of(widest) + 0.05


def test_one_that_is_put_aside_is_apart_from_all() -> None:
    taken = np.full((1, 2), 0.5, dtype=np.float32)
    for _ in range(30):
        place = aside(np.array([0.5, 0.5], dtype=np.float32), taken)
        assert np.linalg.norm(taken - place, axis=1).min() >= 0.99 * least_distance(len(taken))
        taken = np.concatenate([taken, [place]])
    assert np.abs(taken - 0.5).max() < 0.3
