"""Benchmark results as tables and as JSON."""

import io
import json
from dataclasses import asdict, replace

import pytest
from rich.cells import cell_len
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from bot.cli.console import write
from index.evaluation.answers import AnswerCounts, AnswersBench
from index.evaluation.baselines import SkippedBaseline
from index.evaluation.golden import (
    AbstentionRate,
    Abstentions,
    GoldenBench,
    Intervals,
    MethodRates,
    Range,
    Rates,
)
from index.evaluation.own import AnswerRates, OwnBench, SearchRates, SettingRates
from index.evaluation.report import as_json, render
from index.evaluation.retrieval import MethodComparison, MethodResult, SearchBench

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
    left_out=(),
)
FOUND = SearchRates(0.9125, 0.9881, 0.025, 0.6, 41, 39, 73)
CITED = AnswerRates(70, 61, 4, 1, 3, 12)
OWN = OwnBench(
    model="toy",
    data="harbour",
    entries=31,
    ways=1_240,
    answerable=80,
    unanswerable=20,
    settings=(
        SettingRates("alone", FOUND, CITED),
        SettingRates("mixed", replace(FOUND, first=0.85, right=68), replace(CITED, right=66)),
        SettingRates("from", FOUND, None),
    ),
)
BENCHES = (SEARCH, ANSWERS, GOLDEN, OWN)


def shown(bench: object) -> str:
    file = io.StringIO()
    write(render(bench), Console(file=file, width=80, highlight=False, color_system=None))
    return file.getvalue()


def words(bench: object) -> str:
    return " ".join(shown(bench).split())


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.kind)
def test_a_result_is_rendered_as_a_table_and_as_json(
    bench: SearchBench, snapshot: SnapshotAssertion
) -> None:
    assert shown(bench) == snapshot
    output = as_json(bench)
    assert output.isascii()
    assert "\n" not in output
    assert json.loads(output) == json.loads(json.dumps(asdict(bench)))


@pytest.mark.parametrize("name", ["bakery", "x" * 200, "中文" * 60, "a\x1b[31mb\nc"])
def test_no_line_is_wider_than_80_columns(name: str) -> None:
    golden = tuple(found(method, 0.5, name) for method in METHODS)
    given = replace(GOLDEN, data=name, methods=golden)
    for bench in (replace(SEARCH, data=name), replace(OWN, data=name), given):
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
