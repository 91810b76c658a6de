from __future__ import annotations

import io
import json
from dataclasses import replace

from rich.cells import cell_len
from rich.console import Console

from bot.bench.emptiness import CurvePoint
from bot.bench.golden import (
    Emptiness,
    Found,
    GoldenBench,
    Intervals,
    Range,
    Rates,
    Sparse,
)
from bot.bench.golden_report import rendered
from bot.bench.lineup import LeftOut
from bot.bench.naming import Naming, Tally, Wrong
from bot.bench.report import as_json
from bot.terminal.plain import write

METHODS = ("nearsay", "model alone", "BM25", "RRF", "substring", "txtai hybrid")


def found(method: str, first: float, kind: str = "described") -> Found:
    return Found(
        method,
        Rates("all", 1_300, first, 0.9, 0.75),
        (Rates(kind, 1_300, first, 0.9, 0.75),),
    )


SPARSE = Sparse(
    Emptiness("unanswerable", 55, 0.6545, Range(0.5273, 0.7818)),
    Emptiness("answerable", 1_300, 0.0758, Range(0.0379, 0.1212)),
    (Emptiness("near field", 55, 0.6545, Range(0.5273, 0.7818)),),
    0.8701,
    (CurvePoint(0.2, 0.0, 0.0), CurvePoint(0.5, 0.8, 0.1), CurvePoint(0.9, 1.0, 1.0)),
)
BENCH = GoldenBench(
    generation=None,
    model="toy",
    data="harbour",
    half="tuning",
    entries=203,
    questions=1_300,
    methods=tuple(found(method, 0.5 + at / 100) for at, method in enumerate(METHODS)),
    intervals=Intervals(Range(0.538, 0.697), Range(0.6, 0.8), Range(0.6, 0.7)),
    sparse=SPARSE,
    names=Naming(
        Tally("names", 891, 890),
        Tally("typos", 1_000, 997),
        (Tally("swapped", 500, 500), Tally("missing", 500, 497)),
        (Wrong("RAG", "RAG", ""), Wrong("SBET", "SBERT", "foundation-model")),
    ),
    left_out=(),
)


def shown(bench: GoldenBench, width: int = 80) -> str:
    file = io.StringIO()
    write(rendered(bench), Console(file=file, width=width, highlight=False, color_system=None))
    return file.getvalue()


def test_each_measure_has_a_row_a_kind_and_one_for_all() -> None:
    lines = shown(BENCH).splitlines()
    assert " ".join(lines[:2]) == (
        "Judged questions of harbour (tuning half): 1,300 answerable, 55 unanswerable, 203 entries"
    )
    rows = [line.split() for line in lines]
    values = ["0.500", "0.510", "0.520", "0.530", "0.540", "0.550"]
    assert ["described", "1,300", *values] in rows
    assert ["all", "1,300", *values] in rows
    assert [row[0] for row in rows if row].count("all") == 3
    assert ["near", "field", "55", "0.654", "0.527", "to", "0.782"] in rows
    assert ["answerable", "1,300", "0.076", "0.038", "to", "0.121"] in rows


def test_names_and_what_went_wrong_are_told() -> None:
    text = " ".join(shown(BENCH).split())
    assert "in 95% of resamples: first 0.538 to 0.697" in text
    assert "give their entry first: 890 of 891." in text
    assert "997 of 1,000 (swapped 500 of 500, missing 497 of 500)." in text
    assert '"RAG" gave nothing "SBET" gave foundation-model, not SBERT' in text
    assert "in 0.870 of pairs" in text


def test_what_was_not_measured_is_not_told() -> None:
    few = replace(
        BENCH,
        half="both",
        sparse=None,
        names=replace(BENCH.names, typos=Tally("typos", 0, 0)),
        left_out=(LeftOut("txtai hybrid", "it is not there"),),
    )
    text = " ".join(shown(few).split())
    assert "Judged questions of harbour: 1,300 answerable, 0 unanswerable" in text
    assert "nothing is near" not in text
    assert "one mistake" not in text
    assert "txtai hybrid was left out: it is not there" in text


def test_no_line_is_wider_than_80_columns() -> None:
    for name in ("plain", "x" * 200, "中文" * 60, "a\x1b[31mb\nc"):
        methods = tuple(found(method, 0.5, name) for method in METHODS)
        text = shown(replace(BENCH, data=name, methods=methods))
        assert all(cell_len(line) <= 80 for line in text.splitlines())
        assert "\x1b" not in text


def test_json_has_the_curve_and_the_ranges() -> None:
    told = json.loads(as_json(BENCH))
    assert (told["kind"], told["generation"]) == ("golden_bench", None)
    assert told["sparse"]["curve"][1] == {"threshold": 0.5, "unanswerable": 0.8, "answerable": 0.1}
    assert told["intervals"]["first"] == {"low": 0.538, "high": 0.697}
    assert told["methods"][1]["all"]["first"] == 0.51
