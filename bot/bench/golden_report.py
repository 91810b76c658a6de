"""What judged questions gave, as tables for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.bench.golden import Emptiness, GoldenBench, Intervals, Range, Rates, Sparse
from bot.bench.naming import Naming, Tally
from bot.bench.report import missing
from index.text import one_line, shorten

MEASURES = {
    "first": "right entry first",
    "among_three": "right among three",
    "mrr_at_10": "MRR@10",
}
WIDEST_KIND = 21  # columns
LONGEST_NAME = 60


def rendered(bench: GoldenBench) -> RenderableType:
    """The measurement as something Rich can print."""
    parts: list[RenderableType] = [Text(_title(bench), "bold"), Text()]
    for measure, title in MEASURES.items():
        parts += [_table(bench, measure, title), Text()]
    parts += [Text(_sure(bench.intervals)), *missing(bench.left_out), Text()]
    if bench.sparse is not None:
        parts += [_emptiness(bench.sparse), Text(), Text(_told_apart(bench.sparse)), Text()]
    parts += [Text(line) for line in _naming(bench.names)]
    parts.append(Text(one_line(bench.model), "dim"))
    return Group(*parts)


def _title(bench: GoldenBench) -> str:
    asked = bench.sparse.unanswerable.questions if bench.sparse else 0
    half = "" if bench.half == "both" else f" ({bench.half} half)"
    return one_line(
        f"Judged questions of {bench.data}{half}: {bench.questions:,} answerable, "
        f"{asked:,} unanswerable, {bench.entries:,} entries"
    )


def _table(bench: GoldenBench, measure: str, title: str) -> Table:
    """One measure: a row a kind of question, a column a method, the best of each row bold."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    _add_kinds(table, title)
    table.add_column("n", justify="right")
    for found in bench.methods:
        table.add_column(found.method, justify="right")
    rows: list[tuple[Rates, ...]] = [
        *zip(*(found.kinds for found in bench.methods), strict=True),
        tuple(found.all for found in bench.methods),
    ]
    for row in rows:
        values = [float(getattr(rates, measure)) for rates in row]
        best = max(values)
        cells = [Text(f"{value:.3f}", "bold" if value == best else "") for value in values]
        table.add_row(one_line(row[0].kind), f"{row[0].questions:,}", *cells)
    return table


def _add_kinds(table: Table, title: str) -> None:
    table.add_column(title, max_width=WIDEST_KIND, no_wrap=True, overflow="ellipsis")


def _sure(intervals: Intervals) -> str:
    return (
        f"nearsay over all, in 95% of resamples: first {_range(intervals.first)}, among three "
        f"{_range(intervals.among_three)}, MRR@10 {_range(intervals.mrr_at_10)}."
    )


def _emptiness(sparse: Sparse) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    _add_kinds(table, "said: nothing is near")
    table.add_column("n", justify="right")
    table.add_column("share", justify="right")
    table.add_column("95%", justify="right")
    rows: tuple[Emptiness, ...] = (*sparse.kinds, sparse.unanswerable, sparse.answerable)
    for row in rows:
        table.add_row(
            one_line(row.kind),
            f"{row.questions:,}",
            f"{row.share:.3f}",
            _range(row.interval),
        )
    return table


def _told_apart(sparse: Sparse) -> str:
    return (
        "By its nearness alone, an unanswerable question is told from an answerable one in "
        f"{sparse.area:.3f} of pairs (0.5 is chance)."
    )


def _naming(names: Naming) -> Iterator[str]:
    yield f"Names and aliases that give their entry first: {_tally(names.names)}."
    if names.typos.asked:
        mistakes = ", ".join(f"{item.what} {_tally(item)}" for item in names.mistakes)
        yield f"Names with one mistake in a letter: {_tally(names.typos)} ({mistakes})."
    for wrong in names.wrong:
        written = shorten(one_line(wrong.written), LONGEST_NAME)
        got = one_line(wrong.got) or "nothing"
        yield f'  "{written}" gave {got}' + (
            "" if wrong.meant == wrong.written else f", not {one_line(wrong.meant)}"
        )


def _tally(tally: Tally) -> str:
    return f"{tally.first:,} of {tally.asked:,}"


def _range(given: Range) -> str:
    return f"{given.low:.3f} to {given.high:.3f}"
