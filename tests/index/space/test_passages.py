from __future__ import annotations

import numpy as np
import pytest

from index.space.passages import cosines_of, nearest_passages
from index.store import Generation, Store
from tests.support.toy import ToyEmbedder

ALL = 1_000


@pytest.fixture
def point(toy: ToyEmbedder) -> np.ndarray:
    return np.asarray(toy.queries(["a rope that holds a boat at the quay"])[0])


def test_the_nearest_come_first(generation: Generation, point: np.ndarray) -> None:
    found = nearest_passages(generation, point, ALL)
    cosines = [cosine for _, cosine in found]
    assert cosines == sorted(cosines, reverse=True)
    expected = generation.matrix @ point
    assert cosines == pytest.approx([expected[row] for row, _ in found], abs=1e-5)
    assert len(cosines) == len(expected)


def test_no_cosine_leaves_its_range(generation: Generation) -> None:
    rows = np.arange(len(generation.passages))
    assert cosines_of(generation, rows, generation.matrix[3]).max() <= 1


def test_a_generation_that_is_asked_little_finds_the_same_without_chroma(
    harbour_store: Store, generation: Generation, point: np.ndarray
) -> None:
    brief = Store(harbour_store.directory, brief=True)
    try:
        found = nearest_passages(brief.current(), point, 10)
        expected = nearest_passages(generation, point, 10)
        assert [row for row, _ in found] == [row for row, _ in expected]
        assert [cosine for _, cosine in found] == pytest.approx(
            [cosine for _, cosine in expected], abs=1e-5
        )
        assert "vectors" not in vars(brief.current())
    finally:
        brief.close()
