"""What fresh random pairs said of percentiles, for people."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.bench.pairs import CalibrationBench, OtherModel
from index.text import one_line


def rendered(bench: CalibrationBench) -> RenderableType:
    """The measurement as something Rich can print."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("percentile")
    table.add_column("of pairs", justify="right")
    for at, share in enumerate(bench.deciles):
        table.add_row(f"{10 * at} to {10 * at + 10}", f"{100 * share:.1f}%")
    return Group(
        Text(
            f"Percentiles of {bench.pairs:,} fresh random pairs, {bench.entries:,} entries in "
            f"{bench.passages:,} passages",
            "bold",
        ),
        Text(),
        table,
        Text(),
        Text(f"Each should be 10%; the worst is {bench.deviation:.1f} points away."),
        *([Text(_other(bench.other))] if bench.other else []),
        Text(one_line(f"{bench.generation} · {bench.model}"), "dim"),
    )


def _other(other: OtherModel) -> str:
    found = "none" if other.rank_correlation is None else f"{other.rank_correlation:.3f}"
    return (
        f"Rank correlation (Spearman) with the percentiles of {one_line(other.model)}, over the "
        f"first {other.pairs:,} pairs: {found.replace('-', '−')}."
    )
