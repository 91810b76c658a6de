"""Find the tables that list terms among all tables of a page or document."""

import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import mean

from index.entry import LONGEST_NAME
from index.sources.cells import plain_line
from index.sources.collector import EntryCollector
from index.sources.columns import explicit, is_header
from index.sources.files import Reading, SourceFile
from index.sources.tabular.csv import Row
from index.sources.tabular.table import read_rows

FEWEST_ROWS = 2
FEWEST_UNNAMED = 5  # rows of a table whose columns have no known names
SHORTEST_MEANING = 30  # characters in the mean, in a table or list without known names
# The header of a definition list, which has no names of columns.
LIST_HEADER = ["term", "definition", "aliases"]
_TARGETS = re.compile(r"\]\([^()\s]{0,300}\)")
_HEAD = 5  # rows in which the header is looked for


def read_tables(
    tables: Iterator[list[Row]],
    file: SourceFile,
    columns: Mapping[str, str],
    unit: str = "line",
) -> Reading | None:
    """Read the entries in those of the `tables` that list terms; None if they are fewer than two.

    The texts are Markdown. The rows are numbered in the `unit` of `EntryCollector`.
    """
    read = list(tables)
    listed = [_listing(rows, columns) for rows in read]
    # A page that begins a new list for each letter, or for each term, has lists of one term.
    single = [at for at, rows in enumerate(read) if _is_list(rows) and len(rows) == 2]
    fewest = 1 if any(map(_is_list, listed)) else FEWEST_ROWS
    if _short_and_long([read[at][1][1] for at in single], fewest):
        for at in single:
            listed[at] = read[at]
    listed = [rows for rows in listed if rows]
    if sum(map(len, listed)) - len(listed) < FEWEST_ROWS:
        return None
    collector = EntryCollector(file, unit)
    for rows in listed:
        if problem := read_rows(iter(rows), columns, collector, ""):
            collector.refuse(rows[0][0] or None, f"the table {problem}")
    return collector.reading()


def _listing(rows: Sequence[Row], columns: Mapping[str, str]) -> list[Row]:
    """Return the rows of a table that lists terms from its header on, or an empty list."""
    if _is_list(rows):
        return list(rows) if _short_and_long([cells for _, cells in rows[1:]]) else []
    for at, (number, cells) in enumerate(rows[:_HEAD]):
        names = [plain_line(cell) if len(cell) <= LONGEST_NAME else cell for cell in cells]
        if is_header(names, columns) or (columns and any(explicit(names, columns))):
            return [(number, names), *rows[at + 1 :]]
    texts = [cells for _, cells in rows]
    usual = len(texts) >= FEWEST_UNNAMED and all(len(cells) == 2 for cells in texts)
    return list(rows) if usual and _short_and_long(texts) else []


def _is_list(rows: Sequence[Row]) -> bool:
    """Return whether the rows are those of a definition list."""
    return bool(rows) and rows[0][1] is LIST_HEADER


def _short_and_long(rows: Sequence[list[str]], fewest: int = FEWEST_ROWS) -> bool:
    """Return whether the first texts can be names and the second ones explain them."""
    if len(rows) < fewest or any(_length(cells[0]) > LONGEST_NAME for cells in rows):
        return False
    names, meanings = (mean(_length(cells[at]) for cells in rows) for at in (0, 1))
    return meanings >= max(SHORTEST_MEANING, 2 * names)


def _length(text: str) -> int:
    """Return the number of characters, without the targets of links."""
    return len(_TARGETS.sub("", text))
