"""The numbers of a shift agree with those of a comparison of the same two texts."""

import pytest

from index.search.explore.compare import compare
from index.search.explore.shift import shift
from index.storage import Generation
from tests.support.toy import ToyEmbedder
from tests.unit.index.vectors import landmarks_of


def test_the_percentile_is_that_of_the_cosine(
    generation: Generation, toy: ToyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("shift", "points"):
        corrected = f"index.search.explore.{module}.text_similarities"
        monkeypatch.setattr(corrected, lambda *_: [0.25])
    one, other = "a long thick rope", "a short thick rope"
    moved = shift(generation, toy, landmarks_of(toy), one, other)
    compared = compare(generation, toy, [one, other])
    assert moved.similarity == compared.similarity == 0.25
    assert moved.cosine == compared.cosine
    assert moved.percentile == compared.percentile
