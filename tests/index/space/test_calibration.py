from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.space.calibration import Calibration, measure, nearness

ENTRIES, EACH, DIMENSIONS = 120, 4, 16
OWNERS = [f"e{row // EACH}" for row in range(ENTRIES * EACH)]
SIMILARITIES = st.floats(min_value=-1, max_value=1)


def unit_vectors(seed: int) -> NDArray[np.float32]:
    """Entries in clouds of passages, as a real index has them."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(ENTRIES, 1, DIMENSIONS))
    rows = (centres + 0.5 * random.normal(size=(ENTRIES, EACH, DIMENSIONS))).reshape(-1, DIMENSIONS)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def pairs(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The similarity of every passage to the best passage of every other entry."""
    best = (vectors @ vectors.T).reshape(len(vectors), ENTRIES, EACH).max(axis=2)
    others = np.arange(ENTRIES) != (np.arange(len(vectors)) // EACH)[:, np.newaxis]
    return np.asarray(best[others], dtype=np.float32)


@pytest.fixture(scope="module")
def measured() -> Calibration:
    return measure(unit_vectors(1), OWNERS)


@given(st.lists(SIMILARITIES, min_size=2, max_size=30), st.lists(SIMILARITIES, min_size=2))
def test_the_percentile_is_monotone_and_from_0_to_100(
    quantiles: list[float], asked: list[float]
) -> None:
    calibration = Calibration(tuple(sorted(quantiles)), 0.0)
    percentiles = [calibration.percentile(similarity) for similarity in sorted(asked + quantiles)]
    assert percentiles == sorted(percentiles)
    assert all(0 <= percentile <= 100 for percentile in percentiles)


@pytest.mark.parametrize(
    ("similarity", "percentile"),
    [
        pytest.param(-0.5, 0.0, id="below all"),
        pytest.param(0.0, 0.0, id="the least"),
        pytest.param(0.25, 25.0, id="a quantile"),
        pytest.param(0.3, 30.0, id="between two"),
        pytest.param(0.5, 62.5, id="in the middle of equal ones"),
        pytest.param(1.0, 100.0, id="the greatest"),
        pytest.param(1.5, 100.0, id="above all"),
    ],
)
def test_a_percentile_is_read_between_the_quantiles(similarity: float, percentile: float) -> None:
    assert Calibration((0.0, 0.25, 0.5, 0.5, 1.0), 0.0).percentile(similarity) == percentile


@pytest.mark.parametrize(
    ("similarity", "band"),
    [
        (0.0, "far"),
        (0.849, "far"),
        (0.85, "related"),
        (0.969, "related"),
        (0.97, "close"),
        (0.994, "close"),
        (0.995, "very close"),
        (1.0, "very close"),
    ],
)
def test_a_band_begins_at_its_percentile(similarity: float, band: str) -> None:
    calibration = Calibration(tuple(step / 1000 for step in range(1001)), 0.0)
    assert calibration.band(similarity) == band


def test_there_are_1001_quantiles_in_order(measured: Calibration) -> None:
    assert len(measured.quantiles) == 1_001
    assert all(before <= after for before, after in pairwise(measured.quantiles))
    assert -1 <= measured.quantiles[0] < measured.quantiles[-1] <= 1


def test_fresh_random_pairs_fall_evenly_over_the_percentiles(measured: Calibration) -> None:
    fresh = np.random.default_rng(3).choice(pairs(unit_vectors(2)), 4_000)
    percentiles = [measured.percentile(float(similarity)) for similarity in fresh]
    shares = np.histogram(percentiles, bins=10, range=(0, 100))[0] / len(percentiles)
    assert shares == pytest.approx([0.1] * 10, abs=0.025)


def test_the_quantiles_are_those_of_all_pairs_of_a_passage_and_another_entry(
    measured: Calibration,
) -> None:
    direct = np.quantile(pairs(unit_vectors(1)), [0.1, 0.5, 0.9])
    assert [measured.quantiles[at] for at in (100, 500, 900)] == pytest.approx(direct, abs=1e-4)


def test_one_in_a_hundred_passages_stands_below_the_sparse_threshold(
    measured: Calibration,
) -> None:
    vectors = unit_vectors(1)
    owners = np.array(OWNERS)
    places = []
    for vector, owner in zip(vectors, owners, strict=True):
        others = np.sort(vectors[owners != owner] @ vector)[::-1]
        places.append(nearness(others, float(vector @ vectors.mean(axis=0))))
    assert np.mean(np.array(places) < measured.sparse_below) == pytest.approx(0.01, abs=0.005)


def test_a_crowd_and_the_field_make_a_place_populated() -> None:
    assert nearness(np.array([0.5] * 10 + [0.0] * 10, dtype=np.float32), 0.25) == 1.5
    assert nearness(np.array([0.5], dtype=np.float32), 0.0) == 0.5
    assert nearness(np.array([], dtype=np.float32), 0.0) == -1.0


def test_the_same_vectors_calibrate_the_same(measured: Calibration) -> None:
    assert measure(unit_vectors(1), OWNERS) == measured


def test_the_order_of_passages_makes_no_difference(measured: Calibration) -> None:
    order = np.random.default_rng(4).permutation(len(OWNERS))
    shuffled = measure(unit_vectors(1)[order], [OWNERS[row] for row in order])
    assert shuffled.sparse_below == pytest.approx(measured.sparse_below, abs=1e-4)
    assert shuffled.quantiles == pytest.approx(measured.quantiles, abs=1e-4)


def test_passages_of_the_same_entry_are_no_pair() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    calibration = measure(vectors, ["a", "a", "b", "b"])
    assert set(calibration.quantiles) == {0.0}
    assert calibration.sparse_below == 2.0


def test_one_entry_alone_gives_a_neutral_scale() -> None:
    calibration = measure(unit_vectors(1)[:EACH], ["only"] * EACH)
    assert len(calibration.quantiles) == 1_001
    assert [calibration.percentile(value) for value in (-1, 0, 1)] == [0.0, 50.0, 100.0]
    assert calibration.sparse_below == 0.0


def test_what_was_measured_is_plain_numbers(measured: Calibration) -> None:
    assert {type(value) for value in (*measured.quantiles, measured.sparse_below)} == {float}
