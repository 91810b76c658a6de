"""A measurement of speed as a picture, drawn with matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.speed import names
from tests.benchmarks.speed.measuring import Asked
from tests.benchmarks.speed.results import Size, SpeedBench

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart also by those who do not see all colours: Okabe and Ito, "Color Universal Design".
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#999999", "#D55E00")
_MARKS = ("o", "s", "^", "D")  # so that lines are told apart without their colours


def plot(bench: SpeedBench, file: Path) -> None:
    """Writes a picture of 1,650 × 900 pixels to `file`, as PNG: the median time of one question of
    each contender by size, with 5% to 95%, and how many are answered when several ask at once."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 6), dpi=150, layout="constrained")
    times, rates = figure.subplots(1, 2, width_ratios=(3, 2))
    _draw_times(times, bench.sizes)
    _draw_rates(rates, bench.sizes[-1])
    figure.suptitle(f"{bench.model} on {bench.machine}", fontsize=10, parse_math=False)
    figure.savefig(file, format="png")


def _draw_times(axes: Axes, sizes: Sequence[Size]) -> None:
    """Horizontal bars, a group a contender."""
    shown = [name for name in _shown(sizes) if any(_time(size, name) for size in sizes)]
    height = 0.8 / len(sizes)
    for at, size in enumerate(sizes):
        for row, name in enumerate(shown):
            asked = _time(size, name)
            if asked is None:
                continue
            times = asked.milliseconds
            place = row + (at - (len(sizes) - 1) / 2) * height
            axes.barh(
                place,
                times.median,
                height,
                xerr=[[times.median - times.p5], [times.p95 - times.median]],
                color=COLOURS[at % len(COLOURS)],
                error_kw={"elinewidth": 0.8},
                label=f"{size.passages:,} passages" if row == 0 else None,
            )
            axes.text(times.p95 * 1.08, place, f"{times.median:.1f}", va="center", fontsize=7)
    labels = [f"{name}, encode" if name == names.MODEL else name for name in shown]
    axes.set_yticks(range(len(shown)), labels, parse_math=False)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(_shortest(sizes) / 2, axes.get_xlim()[1] * 2)
    axes.set_xlabel("milliseconds a question: median, with 5% to 95%")
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_rates(axes: Axes, size: Size) -> None:
    """Lines over how many ask at once."""
    lines = [(names.MODEL, "encode"), *((name, "plain") for name in _shown([size]))]
    at = 0
    for name, way in lines:
        found = sorted(
            (one for one in size.asked if (one.contender, one.way) == (name, way)),
            key=lambda one: one.at_once,
        )
        if len(found) < 2:
            continue
        axes.plot(
            [str(one.at_once) for one in found],
            [one.per_second for one in found],
            color=COLOURS[at % len(COLOURS)],
            marker=_MARKS[at % len(_MARKS)],
            label=f"{name}, {way}" if way == "encode" else name,
        )
        at += 1
    axes.set_ylim(bottom=0)
    axes.set_xlabel("asking at once")
    axes.set_ylabel("answers a second")
    axes.set_title(f"{size.passages:,} passages", fontsize=10)
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _shown(sizes: Sequence[Size]) -> list[str]:
    """The contenders that were asked, in their order."""
    asked = {one.contender for size in sizes for one in size.asked}
    return [name for name in names.ORDER if name in asked]


def _time(size: Size, name: str) -> Asked | None:
    return size.of(name, "encode" if name == names.MODEL else "plain")


def _shortest(sizes: Sequence[Size]) -> float:
    return min(one.milliseconds.p5 for size in sizes for one in size.asked)
