"""Neighbourhoods hold together, are numbered by size."""

from __future__ import annotations

import numpy as np
import pytest

from index.space.atlas.layout import lay_out
from index.space.atlas.neighbourhoods import divide, how_many
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
