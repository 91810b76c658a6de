"""A measurement of retrieval as a table for people, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.bench.lineup import LeftOut
from bot.bench.search import Comparison, Measured, SearchBench
from index.text import one_line

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

COLUMNS = {
    "ndcg_at_10": "nDCG@10",
    "hit_at_1": "hit@1",
    "recall_at_10": "recall@10",
    "mrr_at_10": "MRR@10",
}
FEW = 20  # queries; resampling fewer gives intervals that are too narrow


def as_json(bench: DataclassInstance) -> str:
    """Any measurement as one line of JSON, in ASCII."""
    return json.dumps(asdict(bench), allow_nan=False)


def rendered(bench: SearchBench) -> RenderableType:
    """The measurement as something Rich can print."""
    return Group(
        Text(_title(bench), "bold"),
        Text(),
        _table(bench),
        Text(),
        Text(_verdict(bench.comparison, bench.queries)),
        *missing(bench.left_out),
        Text(one_line(f"{bench.model} · median times, embedding of the query included"), "dim"),
    )


def missing(left_out: Sequence[LeftOut]) -> Iterator[Text]:
    """A line for each peer that was not asked."""
    return (Text(f"{peer.method} was left out: {peer.why}", "dim") for peer in left_out)


def values(measured: Measured) -> Iterator[float]:
    """The values of a method in the order of `COLUMNS`."""
    return (float(getattr(measured, name)) for name in COLUMNS)


def _title(bench: SearchBench) -> str:
    left_out = f" ({bench.unjudged:,} without judgement left out)" if bench.unjudged else ""
    return one_line(
        f"Retrieval on {bench.data}: {bench.queries:,} queries{left_out}, "
        f"{bench.documents:,} documents in {bench.passages:,} passages"
    )


def _table(bench: SearchBench) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("method")
    for name in (*COLUMNS.values(), "ms/query"):
        table.add_column(name, justify="right")
    best = [max(column) for column in zip(*map(values, bench.methods), strict=True)]
    for measured in bench.methods:
        cells = [
            Text(f"{value:.3f}", "bold" if value == most else "")
            for value, most in zip(values(measured), best, strict=True)
        ]
        table.add_row(measured.method, *cells, f"{measured.milliseconds:.1f}")
    return table


def _verdict(comparison: Comparison, queries: int) -> str:
    ratio = "" if comparison.ratio is None else f", {comparison.ratio:.3f} times as high"
    if queries < FEW:
        meaning = "So few queries cannot tell."
    elif comparison.low > 0:
        meaning = "Better, by more than chance."
    elif comparison.high < 0:
        meaning = "Worse, by more than chance."
    else:
        meaning = "The interval contains 0: no difference is shown."
    return (
        f"nDCG@10 of nearsay minus that of {comparison.peer}, the best peer: "
        f"{_signed(comparison.difference)} (95% {_signed(comparison.low)} to "
        f"{_signed(comparison.high)}){ratio}. {meaning}"
    )


def _signed(value: float) -> str:
    """`value` to three decimals with its sign; 0 when nothing of it is left."""
    return f"{round(value, 3) or 0:+.3f}".replace("-", "−")
