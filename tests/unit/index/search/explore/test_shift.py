"""The numbers of a shift agree with those of a comparison of the same two texts."""

import pytest

from index.embedding.embedder import embed_documents
from index.search.explore.compare import compare
from index.search.explore.shift import shift
from index.statistics.landmarks import Landmarks, landmark_texts
from index.storage import Generation
from tests.support.toy import ToyEmbedder


def test_the_percentile_is_that_of_the_cosine(
    generation: Generation, toy: ToyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("shift", "points"):
        corrected = f"index.search.explore.{module}.text_similarities"
        monkeypatch.setattr(corrected, lambda *_: [0.25])
    texts = landmark_texts()
    vectors = embed_documents(toy, [one.text for one in texts])
    landmarks = Landmarks.of({one.digest: row for one, row in zip(texts, vectors, strict=True)})
    one, other = "a long thick rope", "a short thick rope"
    moved = shift(generation, toy, landmarks, one, other)
    compared = compare(generation, toy, [one, other])
    assert moved.similarity == compared.similarity == 0.25
    assert moved.cosine == compared.cosine
    assert moved.percentile == compared.percentile
