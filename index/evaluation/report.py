"""Render benchmark results as tables or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import singledispatch
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from index.evaluation.baselines import SkippedBaseline
from index.evaluation.golden import AbstentionRate, Abstentions, GoldenBench, Range, Rates
from index.evaluation.own import HIGH, OwnBench
from index.text import one_line

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

RATES = {
    "first": "right entry first",
    "among_three": "right among three",
    "mrr_at_10": "MRR@10",
}


def as_json(bench: DataclassInstance) -> str:
    """Format a benchmark result as one line of ASCII JSON."""
    return json.dumps(asdict(bench), allow_nan=False)


@singledispatch
def render(bench: object) -> RenderableType:
    """Convert a benchmark result to a Rich renderable. Raises `TypeError` for other objects."""
    raise TypeError(f"{type(bench).__name__} has no table")


def missing(left_out: Sequence[SkippedBaseline]) -> Iterator[Text]:
    """Yield a line for each baseline that was not measured."""
    return (Text(f"{peer.method} was skipped: {peer.why}", "dim") for peer in left_out)


def report_of(
    title: str, tables: Sequence[Table], notes: Sequence[str | Text], footer: str
) -> RenderableType:
    """Lay out a result: a title, tables, notes and a footer."""
    parts: list[RenderableType] = [Text(one_line(title), "bold"), Text()]
    for table in tables:
        parts += [table, Text()]
    parts += [Text(note) if isinstance(note, str) else note for note in notes]
    return Group(*parts, Text(one_line(footer), "dim"))


def table_of(*columns: str, gap: int = 2) -> Table:
    """Return a table with its first column to the left, and numbers to the right."""
    table = Table(box=None, padding=(0, gap, 0, 0), header_style="dim")
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at else "left")
    return table


def best_in_bold(row: Sequence[float]) -> list[Text]:
    """Return the cells of a row of measures."""
    return [Text(f"{value:.3f}", "bold" if value == max(row) else "") for value in row]


@render.register
def _(bench: GoldenBench) -> RenderableType:
    half = "" if bench.half == "both" else f" ({bench.half} half)"
    asked = bench.sparse.unanswerable.questions if bench.sparse else 0
    tables = [_rates(bench, measure, heading) for measure, heading in RATES.items()]
    intervals = bench.intervals
    notes: list[str | Text] = [
        f"95% intervals of nearsay for all questions: first {_range(intervals.first)}, "
        f"among three {_range(intervals.among_three)}, MRR@10 {_range(intervals.mrr_at_10)}."
    ]
    if bench.sparse is not None:
        tables.append(_emptiness(bench.sparse))
        notes.append(
            "The area under the ROC curve for the detection of unanswerable questions is "
            f"{bench.sparse.area:.3f} (0.5 is chance)."
        )
    return report_of(
        f"Judged questions of {bench.data}{half}: {bench.questions:,} answerable, "
        f"{asked:,} unanswerable, {bench.entries:,} entries",
        tables,
        [*notes, *missing(bench.left_out)],
        bench.model,
    )


def _rates(bench: GoldenBench, measure: str, title: str) -> Table:
    table = table_of(title, "n", *(found.method for found in bench.methods), gap=1)
    rows: list[tuple[Rates, ...]] = [
        *zip(*(found.kinds for found in bench.methods), strict=True),
        tuple(found.all for found in bench.methods),
    ]
    for row in rows:
        cells = best_in_bold([float(getattr(rates, measure)) for rates in row])
        table.add_row(one_line(row[0].kind), f"{row[0].questions:,}", *cells)
    return table


def _emptiness(sparse: Abstentions) -> Table:
    table = table_of("nothing is near", "n", "share", "95%", gap=1)
    rows: tuple[AbstentionRate, ...] = (*sparse.kinds, sparse.unanswerable, sparse.answerable)
    for row in rows:
        numbers = (f"{row.questions:,}", f"{row.share:.3f}", _range(row.interval))
        table.add_row(one_line(row.kind), *numbers)
    return table


def _range(given: Range) -> str:
    return f"{given.low:.3f} to {given.high:.3f}"


@render.register
def _(bench: OwnBench) -> RenderableType:
    search = table_of("search", *(rates.setting for rates in bench.settings))
    answers = table_of("answers", *(rates.setting for rates in bench.settings if rates.answers))
    of_search = [rates.search for rates in bench.settings]
    of_answers = [rates.answers for rates in bench.settings if rates.answers]
    for name, label in (
        ("first", "right entry first"),
        ("among_three", "right among three"),
        ("wrongly_empty", "wrongly nothing near"),
        ("rightly_empty", "rightly nothing near"),
    ):
        search.add_row(label, *(f"{getattr(rates, name):.3f}" for rates in of_search))
    search.add_row(
        f"right of first hits at {HIGH} or more",
        *(f"{rates.high_and_right} of {rates.high}" for rates in of_search),
    )
    search.add_row(
        f"right first hits at {HIGH} or more",
        *(f"{rates.high_and_right} of {rates.right}" for rates in of_search),
    )
    asked = (bench.answerable, bench.unanswerable)
    for name, label, total in (
        ("right", "cites a right entry", asked[0]),
        ("right_unhedged", "of these, without a hedge", None),
        ("declined", "declined", asked[0]),
        ("declined_though_first", "of these, right entry first", None),
        ("wrong_unhedged", "cites another, without a hedge", sum(asked)),
        ("rightly_declined", "rightly declined", asked[1]),
    ):
        of_total = "" if total is None else f" of {total}"
        answers.add_row(label, *(f"{getattr(rates, name)}{of_total}" for rates in of_answers))
    ways = f", {bench.ways:,} ways to ask" if bench.ways else ""
    return report_of(
        f"Questions to {bench.data}: {bench.answerable:,} answerable, {bench.unanswerable:,} "
        f"unanswerable, {bench.entries:,} entries{ways}",
        [search, answers],
        ["mixed: with the bundled encyclopedia; from: mixed, and searched with from="],
        bench.model,
    )
