"""The map benchmark: all layout methods get the same entries."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from index.entry import Entry
from index.errors import NotFound
from index.evaluation import map_quality as bench
from index.evaluation.map_quality import LEAST, bench_map
from index.sources.source import Report, Source
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

COPIES = 5


def entries(source: str, copies: int = COPIES) -> list[Entry]:
    return [
        replace(one, id=f"{source}-{one.id}-{copy}", term=f"{one.term} {copy}", source=source)
        for copy in range(copies)
        for one in harbour()
    ]


def test_every_method_lays_out_the_same_entries(
    monkeypatch: pytest.MonkeyPatch, toy: ToyEmbedder
) -> None:
    monkeypatch.setattr(bench, "DRAWS", 1)
    both = (*entries("encyclopedia"), *entries("pier"))
    with (
        patch("index.sources.loader.read_sources", return_value=Report(both, ())),
        patch.object(bench, "find_spec", return_value=None),
    ):
        measured = bench_map([Source("pier", "pier.csv")], toy)
    assert [one.data for one in measured.glossaries] == ["encyclopedia", "pier"]
    for glossary in measured.glossaries:
        assert glossary.entries == 12 * COPIES
        assert [one.method for one in glossary.methods] == ["nearsay", "PCA", "t-SNE"]
        assert all(0 < one.trust <= 1 for one in glossary.methods)
        assert glossary.moved is not None
        assert glossary.moved < 0.05
    (left_out,) = measured.left_out
    assert left_out.method == "UMAP"
    assert "umap-learn" in left_out.why


def test_a_glossary_with_too_few_entries_is_rejected(toy: ToyEmbedder) -> None:
    few = Report(tuple(entries("encyclopedia", copies=2)), ())
    with (
        patch("index.sources.loader.read_sources", return_value=few),
        pytest.raises(NotFound, match="encyclopedia has 24 entries, too few") as raised,
    ):
        bench_map([], toy)
    assert str(LEAST) in raised.value.hint
