"""The tables of the results."""

from dataclasses import replace

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from index.evaluation.baselines import SkippedBaseline
from tests.benchmarks.beir import report
from tests.benchmarks.beir.answers import AnswerCounts, AnswersBench
from tests.benchmarks.beir.search import MethodComparison, MethodResult, SearchBench
from tests.unit.index.evaluation.test_report import shown

__all__ = ["report"]

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


@pytest.mark.parametrize("bench", [SEARCH, ANSWERS], ids=lambda bench: bench.kind)
def test_a_result_is_rendered_as_a_table(
    bench: SearchBench | AnswersBench, snapshot: SnapshotAssertion
) -> None:
    assert shown(bench) == snapshot


@pytest.mark.parametrize("name", ["bakery", "x" * 200, "中文" * 60, "a\x1b[31mb\nc"])
def test_no_line_of_a_search_is_wider_than_80_columns(name: str) -> None:
    text = shown(replace(SEARCH, data=name))
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
    text = " ".join(shown(replace(SEARCH, comparison=comparison)).split())
    assert f"{difference:+.3f} (95% {low:+.3f}".replace("-", "−") in text
    assert meaning in text
    assert "times as high" not in text
