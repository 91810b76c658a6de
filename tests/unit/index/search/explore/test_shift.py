"""The numbers of a shift agree with those of a comparison of the same two texts."""

import pytest

from index.search.explore.compare import compare
from index.search.explore.shift import shift
from index.storage import Generation
from tests.support.toy import ToyEmbedder
from tests.unit.index.vectors import landmarks_of


@pytest.mark.parametrize(("measured", "shown"), [(0.25, 0.25), (-0.04, 0.0)])
def test_the_percentile_is_that_of_the_cosine(
    measured: float,
    shown: float,
    generation: Generation,
    toy: ToyEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.search.explore.points.text_similarities", lambda *_: [measured])
    one, other = "a long thick rope", "a short thick rope"
    moved = shift(generation, toy, landmarks_of(toy), one, other)
    compared = compare(generation, toy, [one, other])
    assert moved.similarity == compared.similarity == shown
    assert moved.cosine == compared.cosine
    assert moved.percentile == compared.percentile
