"""What judged pairs of short texts gave, for people."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.bench.alike.measure import AlikeBench, Share
from index.text import one_line


def rendered(bench: AlikeBench) -> RenderableType:
    """The measurement as something Rich can print."""
    half = "" if bench.half == "both" else f" ({bench.half} half)"
    return Group(
        Text(one_line(f"Judged pairs of {bench.data}{half}: {bench.pairs:,}"), "bold"),
        Text(),
        _shares(bench),
        Text(),
        _medians(bench),
        Text(),
        Text(
            "A share is that of the comparisons of a pair of the one class with a pair of the "
            "other in which the first is nearer; with it, where 95% of resamples are."
        ),
        Text(one_line(bench.model), "dim"),
    )


def _shares(bench: AlikeBench) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("nearer")
    table.add_column("than")
    table.add_column("nearsay", justify="right")
    table.add_column("cosine alone", justify="right")
    for classes in bench.comparisons:
        table.add_row(classes.near, classes.far, _shown(classes.nearsay), _shown(classes.cosine))
    return table


def _medians(bench: AlikeBench) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("median similarity")
    table.add_column("n", justify="right")
    table.add_column("nearsay", justify="right")
    table.add_column("cosine alone", justify="right")
    for middle in bench.classes:
        medians = (f"{value:.2f}".replace("-", "−") for value in (middle.nearsay, middle.cosine))
        table.add_row(middle.kind, f"{middle.pairs:,}", *medians)
    return table


def _shown(share: Share) -> str:
    return f"{share.share:.3f} ({share.low:.3f} to {share.high:.3f})"
