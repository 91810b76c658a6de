from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from index.embedding.embedder import SentenceEmbedder, Vectors
from index.errors import NotFound, SourceError
from index.evaluation.golden_questions import take_half
from index.evaluation.similarity import BUNDLED, KINDS, JudgedPair, bench_similarity, read_pairs
from tests.support.toy import ToyEmbedder
from tools.likeness import lessons as lessons_module
from tools.likeness.lessons import lessons
from tools.likeness.wordnet import read_wordnet

BAR = 0.9  # a share of the comparisons

# In WordNet's format: two senses of bank, their hyponyms, and a synonym.
NOUNS = """\
  1 This software and database is being provided to you …
00000001 17 n 01 bank 0 001 @ 00000009 n 0000 | sloping land beside water; "the grassy bank"
00000002 14 n 02 bank 0 banking_company 0 001 @ 00000008 n 0000 | a firm that keeps money
00000003 17 n 02 river_bank 0 riverside_bank 0 001 @ 00000001 n 0000 | sloping land beside a river
00000004 14 n 02 savings_bank 0 thrift 0 001 @ 00000002 n 0000 | a firm that keeps money of savers
00000005 14 n 01 merchant_bank 0 001 @ 00000002 n 0000 | a firm that keeps money of merchants
00000006 18 n 01 Ada_Lovelace 0 001 @i 00000007 n 0000 | wrote programs
00000007 18 n 01 person 0 000 | a human being
00000008 14 n 01 firm 0 000 | people in business
00000009 17 n 01 land 0 000 | solid ground
"""


@pytest.fixture
def wordnet(tmp_path: Path) -> Path:
    (tmp_path / "data.noun").write_text(NOUNS, encoding="utf-8")
    for name in ("verb", "adv"):
        (tmp_path / f"data.{name}").write_text("", encoding="utf-8")
    adjective = "00000001 00 a 02 galore(ip) 0 abounding 0 000 | plentiful\n"
    (tmp_path / "data.adj").write_text(adjective, encoding="utf-8")
    return tmp_path


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


def test_the_bundled_pairs_have_their_numbers_by_class() -> None:
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


def test_the_classes_present_are_compared(toy: ToyEmbedder, tmp_path: Path) -> None:
    bench = bench_similarity(read_pairs(judged(tmp_path, *PAIRS)), "judged.jsonl", "both", toy)
    (only,) = bench.comparisons
    assert (only.near, only.far) == ("synonyms apart", "unrelated")
    assert only.nearsay == only.cosine  # the toy is not the model that the correction is fitted to
    assert (only.nearsay.low, only.nearsay.share, only.nearsay.high) == (1, 1, 1)
    assert [(middle.kind, middle.pairs) for middle in bench.classes] == [
        ("synonyms apart", 2),
        ("unrelated", 2),
    ]


def test_a_single_class_cannot_be_compared(toy: ToyEmbedder) -> None:
    with pytest.raises(NotFound, match="does not have two classes"):
        bench_similarity([JudgedPair("quay", "pier", "unrelated")], "judged.jsonl", "tuning", toy)


def test_lessons_are_of_every_kind_and_reproducible(
    wordnet: Path, toy: ToyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(lessons_module.MOST, "unrelated", 5)
    # The toy has no similarities from which to learn limits.
    monkeypatch.setattr(lessons_module, "FAR", 0.9)
    monkeypatch.setattr(lessons_module, "FAR_SENSES", 0.9)

    def embed(texts: Sequence[str]) -> Vectors:
        return toy.queries(texts)

    synsets = read_wordnet(wordnet)
    made = lessons(synsets, embed, [])
    assert made == lessons(synsets, embed, [])
    pairs = {kind: {frozenset((m.a, m.b)) for m in made if m.kind == kind} for kind in KINDS}
    assert frozenset(("galore", "abounding")) in pairs["synonyms apart"]
    assert pairs["synonyms sharing"] == {frozenset(("river bank", "riverside bank"))}
    assert frozenset(("savings bank", "merchant bank")) in pairs["related sharing"]
    assert frozenset(("savings bank", "river bank")) in pairs["other senses"]
    assert pairs["unrelated"]
    assert not any("Ada" in text for kind in KINDS for pair in pairs[kind] for text in pair)
    kept_out = lessons(synsets, embed, [("abounding", "galore")])
    assert all(lesson.source != "a00000001" for lesson in kept_out)


@pytest.mark.model
def test_the_test_half_reaches_its_bars(real_embedder: SentenceEmbedder) -> None:
    bench = bench_similarity(read_pairs(BUNDLED), BUNDLED.name, "reporting", real_embedder)
    for classes in bench.comparisons:
        assert classes.nearsay.share >= BAR, classes
