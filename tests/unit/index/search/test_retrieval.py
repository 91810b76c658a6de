from pathlib import Path

import numpy as np
import pytest

from index.entry import Entry
from index.indexing.reindex import SourceContent, reindex
from index.search import retrieval
from index.search.near import near
from index.search.retrieval import Cosines, nearest_passages
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

QUERY = "a rope that holds a boat at the quay"


@pytest.fixture
def point(toy: ToyEmbedder) -> np.ndarray:
    return np.asarray(toy.queries([QUERY])[0])


def test_a_short_lived_process_finds_the_same_entries_without_chroma(
    harbour_store: Store,
    generation: Generation,
    toy: ToyEmbedder,
) -> None:
    expected = near(generation, toy, QUERY, 10).neighbours
    brief = Store(harbour_store.directory, brief=True)
    try:
        assert near(brief.current(), toy, QUERY, 10).neighbours == expected
        assert "vectors" not in vars(brief.current())
    finally:
        brief.close()


def test_the_nearest_entries_are_compared(
    generation: Generation, point: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    (part,) = generation.parts
    every = Cosines(generation, point).nearest(part.numbers)
    monkeypatch.setattr(retrieval, "CANDIDATE_PASSAGES", 3)
    cosines = Cosines(generation, point)
    near_rows = [row for row, _ in nearest_passages(generation, point, 3)]
    numbers = cosines.compared(part)
    assert set(numbers.tolist()) == set(generation.owners[near_rows].tolist())
    assert 0 < len(numbers) <= 3
    assert cosines.nearest(part.numbers) == pytest.approx(every, abs=1e-6), "of any entry"
    assert cosines.nearest(numbers).max() == every.max()


def test_all_entries_of_a_small_source_beside_others_are_compared(
    tmp_path: Path, point: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest passages may all be of the large source: the harbour with its 72 passages."""
    monkeypatch.setattr(retrieval, "CANDIDATE_PASSAGES", 3)
    monkeypatch.setattr(retrieval, "MAX_COMPARED_PASSAGES", 71)
    sail = Entry("sail", "Sail", "Canvas.", source="words")
    store = Store(tmp_path)
    reindex(store, SourceContent([*harbour(), sail]), ToyEmbedder())
    with store.reading() as generation:
        large, small = generation.parts
        cosines = Cosines(generation, point)
        numbers = cosines.compared(small)
        assert numbers.tolist() == [generation.number_of["sail"]]
        expected = (generation.matrix[generation.rows_of("sail")] @ point).max()
        assert cosines.nearest(numbers) == pytest.approx([expected], abs=1e-6)
        assert len(cosines.compared(large)) <= 3
        monkeypatch.setattr(retrieval, "MAX_COMPARED_PASSAGES", 72)
        assert cosines.compared(large).tolist() == large.numbers.tolist()
    store.close()
