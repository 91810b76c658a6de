from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index.space.discriminants import discriminants


def towards(telling: NDArray[np.float32], point: NDArray[np.float32]) -> NDArray[np.float32]:
    return telling @ np.append(point, np.float32(1))


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_each_entry_is_nearest_to_its_own_place() -> None:
    random = np.random.default_rng(0)
    places = random.normal(size=(20, 16))
    vectors = unit(np.repeat(places, 6, axis=0) + 0.3 * random.normal(size=(120, 16)))
    telling = discriminants(vectors, np.arange(0, 120, 6))
    assert telling.shape == (20, 17)
    assert telling.dtype == np.float32
    for entry in range(20):
        assert int(towards(telling, unit(places)[entry]).argmax()) == entry


def test_what_differs_within_entries_counts_less_than_what_differs_between_them() -> None:
    """Passages of either entry spread along the second axis; a point far along it is still told
    by the first."""
    vectors = unit(
        np.array([[1, 2, 0], [1, -2, 0], [1, 0, 0], [-1, 2, 0], [-1, -2, 0], [-1, 2.2, 0]])
    )
    telling = discriminants(vectors, np.array([0, 3]))
    point = unit(np.array([[0.4, 2.0, 0.0]]))[0]
    assert vectors[5] @ point > vectors[1] @ point
    assert towards(telling, point).argmax() == 0


def test_entries_of_one_passage_each_are_told_by_their_own_directions() -> None:
    vectors = unit(np.random.default_rng(1).normal(size=(5, 8)))
    telling = discriminants(vectors, np.arange(5))
    offsets = vectors - vectors.mean(axis=0)
    expected = offsets @ offsets[2] / np.linalg.norm(offsets, axis=1)
    assert towards(telling, vectors[2]) == pytest.approx(expected, abs=1e-5)


def test_an_entry_alone_has_zeros() -> None:
    vectors = unit(np.random.default_rng(2).normal(size=(3, 4)))
    assert not discriminants(vectors, np.array([0])).any()
