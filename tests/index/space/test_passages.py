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


@pytest.fixture
def generation(harbour_store: Store) -> Generation:
    return harbour_store.current()


def test_the_nearest_come_first_whether_chroma_or_the_matrix_tells(
    generation: Generation, point: np.ndarray
) -> None:
    cosines = generation.matrix @ point
    for found in (
        nearest_passages(generation, point, 10),
        nearest_passages(generation, point, 10, source=generation.sources[0]),
    ):
        assert [cosine for _, cosine in found] == sorted(
            (cosine for _, cosine in found), reverse=True
        )
        assert [cosine for _, cosine in found] == pytest.approx(
            [cosines[row] for row, _ in found], abs=1e-5
        )
    assert {row for row, _ in nearest_passages(generation, point, ALL)} == set(
        range(len(generation.passages))
    )


def test_filters_keep_only_what_was_asked_for(generation: Generation, point: np.ndarray) -> None:
    category = generation.categories[0]
    wanted = {
        row
        for row, passage in enumerate(generation.passages)
        if generation.entries[passage.entry_id].category == category
    }
    assert 0 < len(wanted) < len(generation.passages)
    found = nearest_passages(generation, point, ALL, category=category)
    assert {row for row, _ in found} == wanted
    assert nearest_passages(generation, point, ALL, category="none") == []
    assert len(nearest_passages(generation, point, 2, category=category)) == 2


def test_the_rows_within_are_those_of_the_category_and_the_source(generation: Generation) -> None:
    entries = generation.entries
    for category in (*generation.categories, None):
        for source in (*generation.sources, None, "none"):
            expected = [
                row
                for row, passage in enumerate(generation.passages)
                if category in (None, entries[passage.entry_id].category)
                and source in (None, entries[passage.entry_id].source)
            ]
            assert generation.rows_within(category, source).tolist() == expected


def test_the_rows_of_an_entry_are_those_of_its_passages(generation: Generation) -> None:
    for entry_id, rows in generation.rows_of.items():
        assert {generation.passages[row].entry_id for row in rows} == {entry_id}
    assert sum(map(len, generation.rows_of.values())) == len(generation.passages)


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
