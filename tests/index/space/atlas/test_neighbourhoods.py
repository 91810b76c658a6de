"""Neighbourhoods hold together, are numbered by size, and keep their numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.space.atlas.layout import lay_out
from index.space.atlas.neighbourhoods import (
    by_size,
    continued,
    divide,
    how_many,
    renumbered,
    still_suits,
)
from index.space.graph import Graph
from tests.index.space.atlas.places import crowds, scattered


def test_crowds_are_neighbourhoods() -> None:
    graph = Graph.of(crowds([30, 20, 14]))
    numbers = divide(graph, lay_out(graph))
    for start, end in ((0, 30), (30, 50), (50, 64)):
        others = np.concatenate([numbers[:start], numbers[end:]])
        assert not set(numbers[start:end].tolist()) & set(others.tolist())
    assert numbers.max() + 1 <= how_many(64)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6, 40])
def test_every_entry_is_in_one_of_them(count: int) -> None:
    graph = Graph.of(scattered(count))
    numbers = divide(graph, lay_out(graph))
    assert numbers.shape == (count,)
    assert set(numbers.tolist()) == set(range(int(numbers.max(initial=-1)) + 1))


def test_about_ten_of_two_hundred_entries_and_twenty_of_many() -> None:
    assert 6 <= how_many(200) <= 14
    assert how_many(10_000) == how_many(1_000_000) == 20
    assert still_suits(11, 230)
    assert not still_suits(2, 200)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60))
def test_they_are_numbered_by_size(raw: list[int]) -> None:
    before = np.array(raw, dtype=np.int32)
    numbers = by_size(before)
    sizes = np.bincount(numbers)
    assert np.all(np.diff(sizes) <= 0)
    assert np.all(sizes > 0)
    assert len({*zip(raw, numbers.tolist(), strict=True)}) == len(set(raw)) == len(sizes)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_they_keep_their_numbers(raw: list[int], random: object) -> None:
    before = by_size(np.array(raw, dtype=np.int32))
    order = np.random.default_rng(len(raw)).permutation(int(before.max()) + 1)
    mixed = order[before].astype(np.int32)
    assert np.array_equal(renumbered(mixed, before), before)


def test_new_ones_take_numbers_that_are_free() -> None:
    before = np.array([0, 0, 0, 1, 1, 1, -1, -1, -1], dtype=np.int32)
    numbers = np.array([1, 1, 1, 2, 2, 2, 0, 0, 0], dtype=np.int32)
    assert renumbered(numbers, before).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_newcomer_joins_those_around_it() -> None:
    graph = Graph.of(crowds([20, 20]))
    before = np.repeat(np.array([0, 1], dtype=np.int32), 20)
    before[[3, 30]] = -1
    found = continued(graph, lay_out(graph), before)
    assert np.array_equal(found, np.repeat([0, 1], 20))
