"""The map benchmark: all layout methods get the same entries."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from index.evaluation import map_quality as bench
from index.evaluation.map_quality import bench_map
from index.sources.source import Report
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

COPIES = 5


def test_every_method_lays_out_the_same_entries(
    monkeypatch: pytest.MonkeyPatch, toy: ToyEmbedder
) -> None:
    monkeypatch.setattr(bench, "DRAWS", 1)
    entries = tuple(
        replace(one, id=f"{one.id}-{copy}", term=f"{one.term} {copy}")
        for copy in range(COPIES)
        for one in harbour()
    )
    with (
        patch("index.sources.loader.read_sources", return_value=Report(entries, ())),
        patch.object(bench, "find_spec", return_value=None),
    ):
        measured = bench_map(toy)
    (glossary,) = measured.glossaries
    assert (glossary.data, glossary.entries) == ("encyclopedia", 12 * COPIES)
    assert [one.method for one in glossary.methods] == ["nearsay", "PCA", "t-SNE"]
    assert all(0 < one.trust <= 1 for one in glossary.methods)
    assert glossary.moved < 0.05
    (left_out,) = measured.left_out
    assert left_out.method == "UMAP"
    assert "umap-learn" in left_out.why
