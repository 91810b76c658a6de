"""Neighbourhoods hold together, are numbered by size, and keep their numbers."""

from __future__ import annotations

import numpy as np
import pytest

from index.space.atlas.layout import lay_out
from index.space.atlas.neighbourhoods import divide, how_many, still_suits
from index.space.graph import Graph
from tests.index.space.atlas.places import crowds, scattered


def test_crowds_are_neighbourhoods_the_largest_first() -> None:
    graph = Graph.of(crowds([14, 30, 20]))
    numbers = divide(graph.centres, lay_out(graph))
    for start, end in ((0, 14), (14, 44), (44, 64)):
        others = np.concatenate([numbers[:start], numbers[end:]])
        assert not set(numbers[start:end].tolist()) & set(others.tolist())
    assert numbers.max() + 1 <= how_many(64)
    assert np.all(np.diff(np.bincount(numbers)) <= 0)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6, 40])
def test_every_entry_is_in_one_of_them(count: int) -> None:
    graph = Graph.of(scattered(count))
    numbers = divide(graph.centres, lay_out(graph))
    assert numbers.shape == (count,)
    assert set(numbers.tolist()) == set(range(int(numbers.max(initial=-1)) + 1))


def test_about_ten_of_two_hundred_entries_and_twenty_of_many() -> None:
    assert 6 <= how_many(200) <= 14
    assert how_many(10_000) == how_many(1_000_000) == 20
    assert still_suits(11, 230)
    assert not still_suits(2, 200)


def test_they_keep_their_numbers_and_a_newcomer_joins_those_around_it() -> None:
    graph = Graph.of(crowds([6, 9, 15]))
    expected = np.repeat(np.array([2, 0, 1], dtype=np.int32), [6, 9, 15])
    before = expected.copy()
    before[[3, 12, 20]] = -1
    assert np.array_equal(divide(graph.centres, lay_out(graph), before), expected)


@pytest.mark.parametrize("gone", [[0] * 40, [0] * 20 + [2] * 19 + [5]])
def test_those_that_suit_no_more_are_divided_again(gone: list[int]) -> None:
    """They are too few, or one has nobody left."""
    graph = Graph.of(crowds([20, 20]))
    numbers = divide(graph.centres, lay_out(graph), np.array(gone, dtype=np.int32))
    assert set(numbers.tolist()) == set(range(how_many(40)))
