"""A measurement of speed as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.bench.report import missing
from index.text import one_line
from tests.benchmarks.speed import names
from tests.benchmarks.speed.building import Rates
from tests.benchmarks.speed.contender import Way
from tests.benchmarks.speed.measuring import Asked
from tests.benchmarks.speed.results import Criterion, Size, SpeedBench
from tests.benchmarks.speed.starting import Starting
from tests.benchmarks.speed.times import Times

NOTES = (
    "ms is the median time of one question, beside what 5%, 95% and 99% are below; /s is how many "
    "are answered, and MB what the process of each holds after its first answer. Filtered is to "
    "one category in ten. Peers got the vectors of the texts, and embed questions with their own "
    "defaults; our backend: with the model as Nearsay runs it."
)


def rendered(bench: SpeedBench) -> RenderableType:
    """The measurement as something Rich can print."""
    return Group(
        Text(one_line(f"Speed of {bench.model} on {bench.machine}"), "bold"),
        *(part for size in bench.sizes for part in _size(size)),
        Text(),
        _started(bench.starting),
        Text(),
        *_criteria(bench.criteria),
        *missing(bench.left_out),
        Text(NOTES, "dim"),
    )


def _size(size: Size) -> Iterator[RenderableType]:
    yield Text()
    yield Text(f"{size.passages:,} passages, {size.rates.entries:,} entries", "bold")
    table = _table("", "ms", "5% to 95%", "99%", "/s", "MB")
    told: set[str] = set()
    for asked in sorted(size.asked, key=_order):
        name = asked.contender
        memory = size.memory.get(name)
        held = "" if memory is None or name in told else f"{memory:,.0f}"
        told.add(name)
        times = asked.milliseconds
        table.add_row(
            label(asked),
            f"{times.median:.1f}",
            f"{times.p5:.1f} to {times.p95:.1f}",
            f"{times.p99:.1f}",
            f"{asked.per_second:,.0f}",
            held,
        )
    yield table
    yield Text(_rates(size.rates))


def _rates(rates: Rates) -> str:
    share = "" if rates.share is None else f"{rates.share:.2f} of the model alone, "
    return (
        f"Import: {rates.passages / rates.reading:,.0f} passages/s read, "
        f"{rates.embedded / rates.indexing:,.0f}/s embedded and indexed ({share}"
        f"{rates.alone:,.0f}/s). Reindex with one entry in a hundred changed: "
        f"{rates.reindexing:.1f} s."
    )


def label(asked: Asked) -> str:
    """What was asked, in words: the contender, and in which way."""
    way = "" if asked.way == "plain" else f", {asked.way}"
    at_once = "" if asked.at_once == 1 else f", {asked.at_once} at once"
    return f"{asked.contender}{way}{at_once}"


def _order(asked: Asked) -> tuple[int, int, int]:
    """Ours before their peers, one by one before many at once."""
    ways: tuple[Way, ...] = ("forward", "encode", "plain", "filtered")
    return names.ORDER.index(asked.contender), ways.index(asked.way), asked.at_once


def _started(starting: Starting) -> RenderableType:
    table = _table(f"fresh processes, {starting.passages:,} passages", "s", "5% to 95%")
    for name, times in (
        ("nearsay --help", starting.help),
        ("nearsay say /define", starting.define),
        ("import the library, load the model", starting.load),
        ("nearsay serve, until ready", starting.ready),
    ):
        table.add_row(name, f"{times.median / 1e3:.2f}", _range(times))
    return table


def _range(times: Times) -> str:
    return f"{times.p5 / 1e3:.2f} to {times.p95 / 1e3:.2f}"


def _criteria(criteria: Iterable[Criterion]) -> Iterator[RenderableType]:
    table = _table("criterion", "target", "measured", "")
    for one in criteria:
        sign = "≤" if one.bound == "at most" else "≥"
        table.add_row(
            one.what,
            f"{sign} {one.target:g} {one.unit}",
            f"{one.measured:g} {one.unit}",
            Text("met", "green") if one.met else Text("not met", "red"),
        )
    yield table
    yield Text()


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table
