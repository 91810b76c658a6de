from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.bench.lineup import LeftOut
from bot.bench.report import as_json, rendered
from bot.bench.search import Comparison, Measured, SearchBench
from bot.terminal.plain import write

BENCH = SearchBench(
    model="toy",
    data="bakery",
    documents=1_234,
    passages=5_678,
    queries=149,
    unjudged=0,
    methods=(
        Measured("nearsay", 0.8271, 0.7, 0.95, 0.79, 19.53),
        Measured("model alone", 0.8222, 0.67, 0.97, 0.78, 10.71),
        Measured("BM25", 0.64, 0.45, 0.85, 0.58, 0.2),
        Measured("RRF", 0.7678, 0.6, 0.91, 0.72, 14.2),
        Measured("substring", 0.0, 0.0, 0.0, 0.0, 0.3),
    ),
    comparison=Comparison("model alone", 0.0049, -0.0231, 0.0331, 1.006),
)


def shown(bench: SearchBench, width: int = 200) -> str:
    file = io.StringIO()
    write(rendered(bench), Console(file=file, width=width, highlight=False, color_system=None))
    return file.getvalue()


def test_the_table_has_a_row_a_method() -> None:
    lines = shown(BENCH).splitlines()
    assert lines[0] == "Retrieval on bakery: 149 queries, 1,234 documents in 5,678 passages"
    assert lines[2].split() == ["method", "nDCG@10", "hit@1", "recall@10", "MRR@10", "ms/query"]
    assert lines[3].split() == ["nearsay", "0.827", "0.700", "0.950", "0.790", "19.5"]
    assert lines[7].split() == ["substring", "0.000", "0.000", "0.000", "0.000", "0.3"]


def test_a_peer_that_was_left_out_has_a_line() -> None:
    assert "left out" not in shown(BENCH)
    text = shown(replace(BENCH, left_out=(LeftOut("another", "it is not installed"),)))
    assert "another was left out: it is not installed" in text


def test_no_line_is_wider_than_80_columns() -> None:
    for name in ("bakery", "x" * 200, "中文" * 60, "a\x1b[31mb\nc"):
        text = shown(replace(BENCH, data=name))
        assert all(cell_len(line) <= 80 for line in text.splitlines())
        assert "\x1b" not in text


@pytest.mark.parametrize(
    ("difference", "low", "high", "meaning"),
    [
        (0.005, -0.023, 0.033, "The interval contains 0: no difference is shown."),
        (0.05, 0.01, 0.09, "Better, by more than chance."),
        (-0.05, -0.09, -0.01, "Worse, by more than chance."),
        (0.05, 0.0, 0.09, "The interval contains 0: no difference is shown."),
    ],
)
def test_the_difference_is_put_in_words(
    difference: float, low: float, high: float, meaning: str
) -> None:
    comparison = Comparison("BM25", difference, low, high, 1.01)
    text = " ".join(shown(replace(BENCH, comparison=comparison)).split())
    assert meaning in text
    assert f"the best peer: {difference:+.3f} (95% {low:+.3f}".replace("-", "−") in text


def test_what_rounds_to_nothing_has_no_minus() -> None:
    comparison = Comparison("BM25", 0.011, -0.0002, 0.0234, 1.01)
    assert "(95% +0.000 to" in " ".join(shown(replace(BENCH, comparison=comparison)).split())


def test_few_queries_tell_nothing() -> None:
    comparison = Comparison("BM25", 0.5, 0.5, 0.5, None)
    text = " ".join(shown(replace(BENCH, queries=19, comparison=comparison)).split())
    assert "So few queries cannot tell." in text
    assert "by more than chance" not in text
    assert "times as high" not in text


def test_queries_left_out_are_said() -> None:
    assert "149 queries (3 without judgement left out)" in shown(replace(BENCH, unjudged=3))


def test_json_is_one_object_on_one_line() -> None:
    text = as_json(replace(BENCH, data="b\u2028ä\ud800"))
    assert text.isascii()
    assert "\n" not in text
    raw = json.loads(text)
    assert list(raw) == [
        "kind",
        "generation",
        "model",
        "data",
        "documents",
        "passages",
        "queries",
        "unjudged",
        "methods",
        "comparison",
        "left_out",
    ]
    assert (raw["kind"], raw["generation"]) == ("search_bench", None)
    assert raw["methods"][0] == {
        "method": "nearsay",
        "ndcg_at_10": 0.8271,
        "hit_at_1": 0.7,
        "recall_at_10": 0.95,
        "mrr_at_10": 0.79,
        "milliseconds": 19.53,
    }
    assert raw["comparison"] == {
        "peer": "model alone",
        "difference": 0.0049,
        "low": -0.0231,
        "high": 0.0331,
        "ratio": 1.006,
        "resamples": 2_000,
    }
