"""What a measurement of answers gave, for people."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.bench.answers import AnswersBench
from index.text import one_line


def rendered(bench: AnswersBench) -> RenderableType:
    """The measurement as something Rich can print."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("set")
    for column in ("documents", "queries", "search first", "cited first", "declined"):
        table.add_column(column, justify="right")
    for one in bench.sets:
        counts = (one.search_first, one.cited_first, one.declined)
        shares = (f"{count:,} ({count / one.queries:.1%})" for count in counts)
        table.add_row(one_line(one.data), f"{one.documents:,}", f"{one.queries:,}", *shares)
    return Group(
        Text("Answers: how often the right entry is cited first", "bold"),
        Text(),
        table,
        Text(),
        Text(
            "Search first is how often /near has a right entry first, on the same index; "
            "what is declined cites nothing."
        ),
        Text(one_line(f"{bench.model} · queries drawn with seed {bench.seed}"), "dim"),
    )
