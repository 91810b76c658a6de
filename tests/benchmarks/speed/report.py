"""Report the results of a run as data and tables, and compare them with the budgets."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tests.benchmarks.speed.indexing import Indexing
from tests.benchmarks.speed.process import Batch
from tests.benchmarks.speed.systems import CHROMA, HTTP, MODEL, NEARSAY, SEARCH, TXTAI

MEDIUM = 10_000  # passages
MANY = 32  # concurrent queries
NOTES = (
    "ms is the median time of one query, with its 5th, 95th and 99th percentiles; /s is queries "
    "per second; MB is the resident memory of the process. Filtered queries search one category "
    "in ten. Alternatives get the vectors of the texts, and embed queries with their defaults."
)


@dataclass(frozen=True, slots=True)
class Times:
    """The median and three percentiles of durations, in milliseconds."""

    median: float
    p5: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        shares = np.percentile(np.asarray(seconds) * 1_000, (50, 5, 95, 99))
        return cls(*(round(float(share), 3) for share in shares))


@dataclass(frozen=True, slots=True)
class Result:
    """The results of one system for one kind of query at one level of concurrency. `acknowledged`
    is the 99th percentile in milliseconds, 0 where no acknowledgement precedes the answer."""

    system: str
    way: str
    at_once: int
    times: Times
    per_second: float
    acknowledged: float
    lost: int

    @classmethod
    def of(cls, system: str, way: str, at_once: int, batches: Sequence[Batch]) -> Result:
        acknowledged = [second for batch in batches for second in batch.acknowledged]
        return cls(
            system,
            way,
            at_once,
            Times.of([second for batch in batches for second in batch.seconds]),
            round(float(np.median([len(one.seconds) / one.whole for one in batches])), 1),
            Times.of(acknowledged or [0.0]).p99,
            sum(batch.lost for batch in batches),
        )


@dataclass(frozen=True, slots=True)
class Size:
    """The results for one number of passages; `memory` is in MB (10^6 bytes), by system."""

    indexing: Indexing
    results: tuple[Result, ...]
    memory: dict[str, float]

    def of(self, system: str, at_once: int = 1) -> Result:
        key = (system, "plain", at_once)
        return next(one for one in self.results if (one.system, one.way, one.at_once) == key)

    def median(self, system: str, way: str = "plain") -> float:
        """Return the milliseconds of one query, or infinity for a system that was not measured."""
        key = (system, way, 1)
        found = (r.times.median for r in self.results if (r.system, r.way, r.at_once) == key)
        return next(found, float("inf"))


@dataclass(frozen=True, slots=True)
class Run:
    """A complete run; `starting` has the start times of new processes in seconds."""

    sizes: tuple[Size, ...]
    starting: dict[str, float]


@dataclass(frozen=True, slots=True)
class Budget:
    """A measured number and its target, which is a maximum (`at_most`) or a minimum."""

    what: str
    target: float
    measured: float
    unit: str
    at_most: bool = True

    @property
    def met(self) -> bool:
        return self.measured <= self.target if self.at_most else self.measured >= self.target


def budgets(run: Run) -> Iterator[Budget]:
    """Yield Nearsay's budgets for every measured size."""
    medium = next((size for size in run.sizes if size.indexing.passages == MEDIUM), None)
    for size in run.sizes:
        yield from _of_size(size, medium)
    starting = run.starting
    yield Budget("nearsay --help", 0.3, starting["help"], "s")
    yield Budget("/define as a fresh process", 1.0, starting["define"], "s")
    yield Budget("serve ready / model loaded", 1.3, starting["ready"] / starting["load"], "×")


def _of_size(size: Size, medium: Size | None) -> Iterator[Budget]:
    passages = size.indexing.passages
    label = f"{passages:,}: "
    median = size.median(NEARSAY)
    one, many = size.of(NEARSAY), size.of(NEARSAY, MANY)
    http, http_many = size.of(HTTP), size.of(HTTP, MANY)
    if passages <= MEDIUM:
        parts = size.median(MODEL) + size.median(CHROMA) + 3
        yield Budget(f"{label}answer, forward pass + Chroma + 3", parts, median, "ms")
    elif medium is not None:
        for way in ("plain", "filtered"):
            growth = size.median(NEARSAY, way) / medium.median(NEARSAY, way)
            yield Budget(f"{label}{way} answer / at {MEDIUM:,}", 1.3, growth, "×")
    yield Budget(f"{label}answer, 99% / median", 3, one.times.p99 / median, "×")
    for what, gain in (
        (NEARSAY, many.per_second / one.per_second),
        (HTTP, http_many.per_second / http.per_second),
    ):
        yield Budget(f"{label}{what}, {MANY} at once / one", 2, gain, "×", at_most=False)
    yield Budget(f"{label}acknowledged, 99%", 100, http_many.acknowledged, "ms")
    yield Budget(f"{label}queries lost", 0, sum(one.lost for one in size.results), "")
    near = size.median(SEARCH) + 3
    fastest = min(size.median(SEARCH), size.median(TXTAI)) if passages >= MEDIUM else near
    yield Budget(f"{label}answer, compared with the fastest peer", fastest, median, "ms")
    held = size.memory[SEARCH] + 300
    yield Budget(f"{label}memory, {SEARCH} + 300", held, size.memory[NEARSAY], "MB")
    share = size.indexing.share
    yield Budget(f"{label}indexing / the model alone", 0.9, share, "×", at_most=False)


def rendered(run: Run, model: str) -> RenderableType:
    """Convert a run to a Rich renderable."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    parts: list[RenderableType] = [Text(f"Speed of {model} on {machine}", "bold")]
    for size in run.sizes:
        parts += [Text(), *_size(size)]
    starting = _table("fresh processes", "s")
    for name, seconds in run.starting.items():
        starting.add_row(name, f"{seconds:.2f}")
    table = _table("budget", "target", "measured", "")
    for one in budgets(run):
        table.add_row(
            one.what,
            f"{'≤' if one.at_most else '≥'} {one.target:.4g} {one.unit}",
            f"{one.measured:.4g} {one.unit}",
            Text("met", "green") if one.met else Text("not met", "red"),
        )
    return Group(*parts, Text(), starting, Text(), table, Text(), Text(NOTES, "dim"))


def _size(size: Size) -> Iterator[RenderableType]:
    indexing = size.indexing
    table = _table(f"{indexing.passages:,} passages", "ms", "5% to 95%", "99%", "/s", "MB")
    for one in size.results:
        first = (one.way, one.at_once) == ("plain", 1)
        label = one.system + (", filtered" if one.way == "filtered" else "")
        table.add_row(
            label + (f", {one.at_once} at once" if one.at_once > 1 else ""),
            f"{one.times.median:.1f}",
            f"{one.times.p5:.1f} to {one.times.p95:.1f}",
            f"{one.times.p99:.1f}",
            f"{one.per_second:,.0f}",
            f"{size.memory[one.system]:,.0f}" if first else "",
        )
    yield table
    yield Text(
        f"Import: read in {indexing.reading:.1f} s, indexed in {indexing.indexing:.1f} s, "
        f"{indexing.share:.2f} of the model alone ({indexing.alone:,.0f} passages/s). Reindex "
        f"with one entry in a hundred changed: {indexing.reindexing:.1f} s."
    )


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table
