"""Measurements as pictures, drawn with matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.bench.golden import GoldenBench
from bot.bench.report import COLUMNS, values
from bot.bench.search import SearchBench
from index.errors import NearsayError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Told apart also by those who do not see all colours: Okabe and Ito, "Color Universal Design".
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#999999", "#D55E00")


class CannotPlot(NearsayError):
    """The picture cannot be drawn or written."""

    code = "plot"


def check_plot(file: Path) -> None:
    """Raises `CannotPlot` when no picture could be written to `file`: asked before long work."""
    if file.is_dir() or not file.parent.is_dir():
        reason = (
            "is a folder" if file.is_dir() else f"would be in {file.parent}, which is no folder"
        )
        raise CannotPlot(f"{file} {reason}.", "Name a file that can be written.")


def plot_search(bench: SearchBench, file: Path) -> None:
    """Writes bars of every measure and method to `file`, as PNG of 1,350 × 675 pixels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.5), dpi=150, layout="constrained")
    axes = figure.subplots()
    width = 0.8 / len(bench.methods)
    for at, measured in enumerate(bench.methods):
        places = [group + (at - (len(bench.methods) - 1) / 2) * width for group in range(4)]
        bars = axes.bar(
            places,
            list(values(measured)),
            width,
            label=measured.method,
            color=COLOURS[at % len(COLOURS)],
        )
        axes.bar_label(bars, fmt="%.2f", fontsize=7, padding=1)
    axes.set_xticks(range(len(COLUMNS)), list(COLUMNS.values()))
    axes.set_ylim(0, 1.05)
    axes.set_title(
        f"{bench.data}: {bench.queries:,} queries, {bench.documents:,} documents", parse_math=False
    )
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=len(bench.methods), frameon=False)
    save(figure, file)


def plot_emptiness(bench: GoldenBench, file: Path) -> None:
    """Writes the curve of how well emptiness is told, with what the replies really said as a point,
    to `file`, as PNG of 900 × 900 pixels; nothing where no question was unanswerable."""
    from matplotlib.figure import Figure

    sparse = bench.sparse
    if sparse is None:
        return
    figure = Figure(figsize=(6, 6), dpi=150, layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=COLOURS[4], linestyle=":", label="chance")
    axes.plot(
        [point.answerable for point in sparse.curve],
        [point.unanswerable for point in sparse.curve],
        color=COLOURS[0],
        label=f"nearness below a threshold (area {sparse.area:.3f})",
    )
    said = (sparse.answerable.share, sparse.unanswerable.share)
    axes.plot(
        *([value] for value in said),
        color=COLOURS[5],
        marker="o",
        markersize=9,
        linestyle="none",
        label=f"what replies say ({said[0]:.3f}, {said[1]:.3f})",
    )
    axes.set_xlabel("share of answerable questions called empty")
    axes.set_ylabel("share of unanswerable questions called empty")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_aspect("equal")
    axes.set_title(f"{bench.data}: telling where nothing is near", parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", frameon=False)
    save(figure, file)


def save(figure: Figure, file: Path) -> None:
    """Writes a figure to `file` as PNG; raises `CannotPlot` when that fails."""
    try:
        figure.savefig(file, format="png")
    except OSError as error:
        raise CannotPlot(
            f"{file} cannot be written: {error.strerror or error}.",
            "Name a file that can be written.",
        ) from error
