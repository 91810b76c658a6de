import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.embedding.embedder import SentenceEmbedder
from index.errors import SourceError
from index.evaluation.golden_questions import take_half
from index.evaluation.similarity import BUNDLED, KINDS, bench_similarity, read_pairs
from tests.support.toy import ToyEmbedder

BAR = 0.9  # a share of the comparisons


def judged(tmp_path: Path, *rows: Mapping[str, object]) -> Path:
    file = tmp_path / "judged.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


PAIRS = [
    {"a": "quay", "b": "wharf quay", "class": "synonyms apart"},
    {"a": "pier", "b": "pier head", "class": "synonyms apart"},
    {"a": "net", "b": "storm", "class": "unrelated"},
    {"a": "crane", "b": "invoice", "class": "unrelated"},
]


def test_each_class_has_65_bundled_pairs_per_half() -> None:
    pairs = read_pairs(BUNDLED)
    halves = take_half(pairs, "tuning"), take_half(pairs, "reporting")
    for half in halves:
        assert [sum(pair.kind == kind for pair in half) for kind in KINDS] == [65] * 5
    assert sorted(map(str, (*halves[0], *halves[1]))) == sorted(map(str, take_half(pairs, "both")))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"a": "quay", "class": "unrelated"}, '"b": Field required'),
        ({"a": "quay", "b": " ", "class": "unrelated"}, '"b": .* at least 1 character'),
        ({"a": "quay", "b": "net", "class": "alike"}, "\"class\": .* 'synonyms apart', "),
    ],
)
def test_an_invalid_line_is_reported(tmp_path: Path, row: dict[str, object], message: str) -> None:
    with pytest.raises(SourceError, match=message) as error:
        read_pairs(judged(tmp_path, PAIRS[0], row))
    assert "judged.jsonl:2:" in error.value.message


def test_only_classes_with_pairs_are_compared(toy: ToyEmbedder, tmp_path: Path) -> None:
    bench = bench_similarity(read_pairs(judged(tmp_path, *PAIRS)), "judged.jsonl", "both", toy)
    (only,) = bench.comparisons
    assert (only.near, only.far) == ("synonyms apart", "unrelated")
    assert only.nearsay == only.cosine  # the toy is not the model that the correction is fitted to
    assert (only.nearsay.low, only.nearsay.share, only.nearsay.high) == (1, 1, 1)
    assert [(middle.kind, middle.pairs) for middle in bench.classes] == [
        ("synonyms apart", 2),
        ("unrelated", 2),
    ]


@pytest.mark.model
def test_similarity_benchmark_reaches_its_target_on_the_reporting_half(
    real_embedder: SentenceEmbedder,
) -> None:
    bench = bench_similarity(read_pairs(BUNDLED), BUNDLED.name, "reporting", real_embedder)
    for classes in bench.comparisons:
        assert classes.nearsay.share >= BAR, classes
