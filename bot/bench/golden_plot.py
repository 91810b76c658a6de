"""How well emptiness is told, as a curve, drawn with matplotlib."""

from __future__ import annotations

from pathlib import Path

from bot.bench.golden import Sparse
from bot.bench.plot import COLOURS, save


def plot_emptiness(sparse: Sparse, title: str, file: Path) -> None:
    """Writes the curve of `sparse`, with what the replies really said as a point, to `file`, as
    PNG of 900 × 900 pixels. Raises `CannotPlot` when it cannot be written."""
    from matplotlib.figure import Figure

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
    axes.set_title(title, parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", frameon=False)
    save(figure, file)
