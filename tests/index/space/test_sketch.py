from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index.space.sketch import AXES, SPARE, Sketch
from index.space.spread import Spread

ROWS, DIMENSIONS, LIMIT = 6_000, 384, 50
GROUPS = np.random.default_rng(4).choice([0, 1, 3], ROWS, p=[0.2, 0.3, 0.5])  # group 2 is empty


def unit_rows(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    """Vectors that differ along some axes more than along others, as those of texts do: the first
    96 of 384 hold about four fifths."""
    random = np.random.default_rng(1)
    strengths = np.exp(-np.arange(DIMENSIONS) / 120)
    mixed, _ = np.linalg.qr(random.normal(size=(DIMENSIONS, DIMENSIONS)))
    return unit_rows((random.normal(size=(ROWS, DIMENSIONS)) * strengths) @ mixed)


@pytest.fixture(scope="module")
def sketch(vectors: NDArray[np.float32]) -> Sketch:
    return Sketch.of(vectors, Spread.measure(vectors), GROUPS)


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_nearly_all_that_are_nearest_are_among_the_likeliest(
    vectors: NDArray[np.float32], sketch: Sketch, share: float
) -> None:
    random = np.random.default_rng(2)
    among = np.flatnonzero(random.random(ROWS) < share)
    found = []
    for row in random.integers(ROWS, size=40):
        point = unit_rows(vectors[[row]] + 0.5 * vectors[random.integers(ROWS, size=1)])[0]
        likeliest = sketch.likeliest(point, among, LIMIT)
        assert len(likeliest) == min(len(among), SPARE * LIMIT)
        assert np.isin(likeliest, among).all()
        nearest = among[np.argsort(-(vectors[among] @ point))[:LIMIT]]
        found.append(np.isin(nearest, likeliest).mean())
    assert np.mean(found) > 0.97


@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
@pytest.mark.parametrize("group", [0, 1, 3])
def test_the_likeliest_of_a_group_are_those_among_its_rows(
    vectors: NDArray[np.float32], sketch: Sketch, group: int, share: float
) -> None:
    random = np.random.default_rng(5)
    among = np.flatnonzero((group == GROUPS) & (random.random(ROWS) < share))
    for row in random.integers(ROWS, size=5):
        likeliest = sketch.likeliest(vectors[row], among, 5, group)
        assert sorted(likeliest) == sorted(sketch.likeliest(vectors[row], among, 5))
        assert np.isin(likeliest, among).all()


def test_of_few_all_are_likely(sketch: Sketch, vectors: NDArray[np.float32]) -> None:
    among = np.array([5, 70, 900])
    assert sketch.likeliest(vectors[0], among, LIMIT).tolist() == [5, 70, 900]


def test_vectors_of_few_dimensions_are_kept_whole() -> None:
    vectors = unit_rows(np.random.default_rng(3).normal(size=(40, 12)))
    sketch = Sketch.of(vectors, Spread.measure(vectors), np.arange(40) % 3)
    assert sketch.rows.shape == (40, min(12, AXES))
    rows = sketch.rows[sketch.places]
    np.testing.assert_allclose(rows @ rows.T, vectors @ vectors.T, atol=1e-5)
