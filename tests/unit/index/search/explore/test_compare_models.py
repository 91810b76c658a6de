"""Comparison models embed the passages once."""

import numpy as np
import pytest

from index.embedding.embedder import embed_documents
from index.errors import ModelError
from index.indexing.reindex import SourceContent, reindex
from index.indexing.retention import KEPT, OTHER_SPACES
from index.progress import Progress, no_progress
from index.search.explore.compare_models import (
    EmbeddedSpace,
    ModelCosines,
    Space,
    models,
    nearest_of_each,
)
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

QUERY = "a rope that holds the ship"


class Fixed:
    """A space in which the cosine of every entry is given."""

    def __init__(self, cosines: np.ndarray | None) -> None:
        self._cosines = cosines

    def __call__(self, generation: Generation, query: str, _tell: Progress) -> ModelCosines:
        return ModelCosines("fixed", "made up", 1, self._cosines)


def test_passages_are_embedded_once_and_progress_is_reported(harbour_store: Store) -> None:
    generation, other = harbour_store.current(), ToyEmbedder("other")
    seen: list[tuple[str, int, int]] = []
    space = EmbeddedSpace(other, harbour_store)
    first = space(generation, QUERY, lambda *how: seen.append(how))
    assert other.embedded == len({passage.digest for passage in generation.passages})
    assert seen[0][:2] == ("embedding", 0)
    assert seen[-1][1] == seen[-1][2] == other.embedded
    assert first.cosines is not None
    assert first.cosines.shape == (generation.manifest.entries,)
    passages = embed_documents(other, [passage.embedded for passage in generation.passages])
    cosines = passages @ other.queries([QUERY])[0]
    expected = [cosines[generation.rows_of(one)].max() for one in generation.ids]
    assert first.cosines == pytest.approx(expected, abs=1e-6)

    again = ToyEmbedder("other")
    second = EmbeddedSpace(again, harbour_store)(generation, QUERY, no_progress)
    assert again.embedded == 0
    assert second.cosines is not None
    assert np.array_equal(first.cosines, second.cosines)


def test_reindexing_keeps_vectors_of_other_models(harbour_store: Store, toy: ToyEmbedder) -> None:
    vectors = harbour_store.ledger.vectors
    others = [ToyEmbedder(f"other {number}") for number in range(5)]
    for other in others:
        EmbeddedSpace(other, harbour_store)(harbour_store.current(), QUERY, no_progress)
    entries = harbour()
    for _ in range(KEPT):  # evicts the first generation and its unused vectors
        entries = entries[:-1]
        reindex(harbour_store, SourceContent(entries), toy)
    kept = [other for other in others if other.fingerprint.key in vectors.spaces()]
    assert len(kept) == OTHER_SPACES
    before = kept[0].embedded
    sight = EmbeddedSpace(kept[0], harbour_store)(harbour_store.current(), QUERY, no_progress)
    assert sight.cosines is not None
    assert len(sight.cosines) == harbour_store.current().manifest.entries
    assert kept[0].embedded == before


def test_comparing_the_index_with_its_own_model_is_rejected(harbour_store: Store) -> None:
    space = EmbeddedSpace(ToyEmbedder(), harbour_store)
    with pytest.raises(ModelError, match="is the model of the index itself") as raised:
        space(harbour_store.current(), QUERY, no_progress)
    assert "NEARSAY_MODELS" in raised.value.hint


def test_the_overlap_between_two_models_is_computed(harbour_store: Store, toy: ToyEmbedder) -> None:
    generation = harbour_store.current()
    own = nearest_of_each(generation, generation.matrix @ toy.queries([QUERY])[0])
    others: list[Space] = [Fixed(own), Fixed(-own), Fixed(None)]
    reply = models(generation, toy, others, QUERY)
    first, same, turned, unknowing = reply.models
    assert (first.overlap, first.rank_correlation) == (1, 1)
    assert (same.neighbours, same.overlap) == (first.neighbours, 1)
    assert same.rank_correlation == pytest.approx(1)
    assert turned.rank_correlation is not None
    assert turned.rank_correlation < 0
    assert len(first.neighbours) == 10
    assert (
        turned.overlap
        == len({item.id for item in turned.neighbours} & {item.id for item in first.neighbours})
        / 10
    )
    assert (unknowing.neighbours, unknowing.overlap) == ((), 0)
    assert unknowing.rank_correlation is None
    assert reply.overlap == pytest.approx((1 + turned.overlap) / 3, abs=1e-4)
    scores = [item.similarity for item in first.neighbours if item.similarity is not None]
    assert scores == sorted(scores, reverse=True)


def test_an_index_too_large_for_a_second_model_is_reported(
    harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.search.explore.compare_models.MOST", 3)
    space = EmbeddedSpace(ToyEmbedder("other"), harbour_store)
    with pytest.raises(ModelError, match="at most 3 can be compared"):
        space(harbour_store.current(), QUERY, no_progress)
