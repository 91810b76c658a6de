"""How far maps can be trusted, for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.bench.map import MapBench, MapOf
from bot.bench.report import missing
from index.text import one_line


def rendered(bench: MapBench) -> RenderableType:
    """The measurement as something Rich can print."""
    return Group(
        *(part for glossary in bench.glossaries for part in _glossary(glossary, bench.neighbours)),
        *missing(bench.left_out),
        Text(one_line(f"{bench.model} · seconds on one core, without embedding"), "dim"),
    )


def _glossary(glossary: MapOf, neighbours: int) -> Iterator[RenderableType]:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("map")
    for column in ("trust", "16:10", "seconds"):
        table.add_column(column, justify="right")
    for one in glossary.methods:
        numbers = (f"{one.trust:.3f}", f"{one.wide:.3f}", f"{one.seconds:.2f}")
        table.add_row(one_line(one.method), *numbers)
    title = f"{one_line(glossary.data)}: trustworthiness at {neighbours} neighbours, "
    yield Text(f"{title}{glossary.entries:,} entries", "bold")
    yield Text()
    yield table
    yield Text()
    if glossary.moved is not None and glossary.moved_anew is not None:
        yield Text(
            f"Ten entries that are added move the others by {glossary.moved:.1%} of the width at "
            f"the median, and by {glossary.moved_anew:.1%} where the map is drawn anew."
        )
    named = " · ".join(f"{one_line(name)} {size:,}" for name, size in glossary.neighbourhoods)
    yield Text(f"Neighbourhoods: {named}")
    yield Text()
