"""Benchmark results as tables and as JSON."""

import io
import json
from dataclasses import asdict, replace

import pytest
from rich.cells import cell_len
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from bot.cli.console import write
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
BENCHES = (GOLDEN, OWN)


def shown(bench: object) -> str:
    file = io.StringIO()
    write(render(bench), Console(file=file, width=80, highlight=False, color_system=None))
    return file.getvalue()


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.kind)
def test_a_result_is_rendered_as_a_table_and_as_json(
    bench: GoldenBench | OwnBench, snapshot: SnapshotAssertion
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
    for bench in (replace(OWN, data=name), given):
        text = shown(bench)
        assert all(cell_len(line) <= 80 for line in text.splitlines())
        assert "\x1b" not in text
