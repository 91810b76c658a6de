"""Benchmark results as tables and as JSON."""

import io
import json
from dataclasses import asdict, replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.cli.console import write
from index.evaluation.answers import AnswerCounts, AnswersBench
from index.evaluation.baselines import SkippedBaseline
from index.evaluation.calibration import CalibrationBench
from index.evaluation.golden import (
    AbstentionRate,
    Abstentions,
    GoldenBench,
    Intervals,
    MethodRates,
    Range,
    Rates,
)
from index.evaluation.map_quality import GlossaryMaps, LayoutResult, MapBench
from index.evaluation.name_lookup import FailedLookup, LookupCounts, NameLookup
from index.evaluation.report import as_json, render
from index.evaluation.retrieval import MethodComparison, MethodResult, SearchBench
from index.evaluation.similarity import ClassComparison, ClassMedians, Share, SimilarityBench

SEARCH = SearchBench(
    model="toy",
    data="bakery",
    documents=1_234,
    passages=5_678,
    queries=149,
    unjudged=3,
    methods=(
        MethodResult("nearsay", 0.8271, 0.7, 0.95, 0.79, 19.53),
        MethodResult("model alone", 0.8222, 0.67, 0.97, 0.78, 10.71),
        MethodResult("substring", 0.0, 0.0, 0.0, 0.0, 0.3),
    ),
    comparison=MethodComparison("model alone", 0.005, -0.0002, 0.033, 1.006),
    left_out=(SkippedBaseline("another", "it is not installed"),),
)
ANSWERS = AnswersBench(
    model="toy", sets=(AnswerCounts("bakery", 1_234, 5_678, 200, 1, 150, 140, 9),)
)
METHODS = ("nearsay", "model alone", "BM25", "RRF", "substring", "txtai hybrid")


def found(method: str, first: float, kind: str = "described") -> MethodRates:
    rates = Rates(kind, 1_300, first, 0.9, 0.75)
    return MethodRates(method, replace(rates, kind="all"), (rates,))


GOLDEN = GoldenBench(
    generation=None,
    model="toy",
    data="harbour",
    half="tuning",
    entries=203,
    questions=1_300,
    methods=tuple(found(method, 0.5 + at / 100) for at, method in enumerate(METHODS)),
    intervals=Intervals(Range(0.538, 0.697), Range(0.6, 0.8), Range(0.6, 0.7)),
    sparse=Abstentions(
        AbstentionRate("unanswerable", 55, 0.6545, Range(0.5273, 0.7818)),
        AbstentionRate("answerable", 1_300, 0.0758, Range(0.0379, 0.1212)),
        (AbstentionRate("near field", 55, 0.6545, Range(0.5273, 0.7818)),),
        0.8701,
    ),
    names=NameLookup(
        LookupCounts(891, 890),
        LookupCounts(1_000, 997),
        (FailedLookup("RAG", "RAG", ""), FailedLookup("SBET", "SBERT", "foundation-model")),
    ),
    left_out=(),
)
HARBOUR = GlossaryMaps(
    data="harbour",
    entries=1_204,
    methods=(LayoutResult("nearsay", 0.9016, 1.25), LayoutResult("PCA", 0.741, 0.004)),
    moved=0.024,
)
MAP = MapBench(model="toy", neighbours=12, glossaries=(HARBOUR,), left_out=SEARCH.left_out)
CALIBRATION = CalibrationBench(
    generation="g000007",
    model="toy",
    entries=12,
    passages=1_234,
    pairs=20_000,
    deciles=(0.12, 0.08, *(0.1,) * 8),
    deviation=2.0,
)
ALIKE = SimilarityBench(
    data="pairs.jsonl",
    half="reporting",
    model="toy",
    pairs=1_204,
    comparisons=(
        ClassComparison("synonyms apart", "unrelated", Share(0.95, 0.9, 1), Share(0.6, 0.5, 0.7)),
    ),
    classes=(ClassMedians("unrelated", 602, -0.05, 0.25),),
)
BENCHES = (SEARCH, ANSWERS, GOLDEN, MAP, CALIBRATION, ALIKE)

LEFT_OUT = ["another was skipped: it is not installed"]
ROWS = {
    SEARCH.kind: [
        "Retrieval on bakery: 149 queries (3 without judgements left out), 1,234 documents",
        "documents split into 5,678",
        "method nDCG@10 hit@1 recall@10 MRR@10 ms/query",
        "nearsay 0.827 0.700 0.950 0.790 19.5",
        "substring 0.000 0.000 0.000 0.000 0.3",
        "of model alone, the best baseline: +0.005 (95% +0.000 to +0.033), 1.006 times as high.",
        *LEFT_OUT,
    ],
    ANSWERS.kind: [
        "set documents queries search first cited first declined",
        "bakery 1,234 200 150 (75.0%) 140 (70.0%) 9 (4.5%)",
    ],
    GOLDEN.kind: [
        "Judged questions of harbour (tuning half): 1,300 answerable, 55 unanswerable, 203",
        "described 1,300 0.500 0.510 0.520 0.530 0.540 0.550",
        "all 1,300 0.900 0.900 0.900 0.900 0.900 0.900",
        "near field 55 0.654 0.527 to 0.782",
        "answerable 1,300 0.076 0.038 to 0.121",
        "for all questions: first 0.538 to 0.697",
        "whose entry is found first: 890 of 891.",
        "997 of 1,000.",
        '"RAG" found nothing "SBET" found foundation-model, not SBERT',
        "is 0.870 (0.5 is chance)",
    ],
    MAP.kind: [
        "Maps: trustworthiness at 12 neighbours",
        "map entries trust seconds harbour, nearsay 1,204 0.902 1.25 harbour, PCA",
        "the others move by 2.4% of the map's width (median).",
        *LEFT_OUT,
    ],
    CALIBRATION.kind: [
        "Percentiles of 20,000 new random pairs, 12 entries with 1,234 passages",
        "percentile of pairs 0 to 10 12.0% 10 to 20 8.0%",
        "90 to 100 10.0%",
        "the largest deviation is 2.0 points.",
    ],
    ALIKE.kind: [
        "Judged pairs of pairs.jsonl (reporting half): 1,204",
        "synonyms apart unrelated 0.950 (0.900 to 1.000) 0.600 (0.500 to 0.700)",
        "unrelated 602 −0.05 0.25",
    ],
}


def shown(bench: object) -> str:
    file = io.StringIO()
    write(render(bench), Console(file=file, width=80, highlight=False, color_system=None))
    return file.getvalue()


def words(bench: object) -> str:
    return " ".join(shown(bench).split())


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.kind)
def test_a_result_is_rendered_as_a_table_and_as_json(bench: SearchBench) -> None:
    text = words(bench)
    for row in ROWS[bench.kind]:
        assert row in text
    output = as_json(bench)
    assert output.isascii()
    assert "\n" not in output
    assert json.loads(output) == json.loads(json.dumps(asdict(bench)))


@pytest.mark.parametrize("name", ["bakery", "x" * 200, "中文" * 60, "a\x1b[31mb\nc"])
def test_no_line_is_wider_than_80_columns(name: str) -> None:
    golden = tuple(found(method, 0.5, name) for method in METHODS)
    for bench in (replace(SEARCH, data=name), replace(GOLDEN, data=name, methods=golden), MAP):
        text = shown(bench)
        assert all(cell_len(line) <= 80 for line in text.splitlines())
        assert "\x1b" not in text


@pytest.mark.parametrize(
    ("difference", "low", "high", "meaning"),
    [
        (0.05, 0.0, 0.09, "The difference is not significant."),
        (0.05, 0.01, 0.09, "Significantly better."),
        (-0.05, -0.09, -0.01, "Significantly worse."),
    ],
)
def test_the_significance_of_the_difference_is_stated(
    difference: float, low: float, high: float, meaning: str
) -> None:
    comparison = MethodComparison("BM25", difference, low, high, None)
    text = words(replace(SEARCH, comparison=comparison))
    assert f"{difference:+.3f} (95% {low:+.3f}".replace("-", "−") in text
    assert meaning in text
    assert "times as high" not in text
