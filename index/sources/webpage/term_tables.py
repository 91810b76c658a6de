"""Read the glossaries in the tables and definition lists of HTML pages."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import mean

from index.entry import LONGEST_NAME
from index.errors import SourceError
from index.sources.cells import literal
from index.sources.collector import EntryCollector
from index.sources.columns import explicit, is_header
from index.sources.files import Reading, SourceFile, check_count
from index.sources.tabular.csv import Row
from index.sources.tabular.table import read_rows
from index.sources.webpage.html import without_unclosed_tags
from index.sources.webpage.html_tables import HtmlTable, tables_in

LARGEST_PAGE = 8_000_000  # characters
MOST_TAGS = 400_000
FEWEST_ROWS = 2
FEWEST_UNNAMED = 5  # rows of a table whose columns have no known names
SHORTEST_MEANING = 30  # characters in the mean, in a table or list without known names
_HEAD = 5  # rows in which the header is looked for
_LIST_HEADER = ["term", "definition", "aliases"]


def read_term_tables(file: SourceFile, columns: Mapping[str, str] = {}) -> Reading | None:
    """Read the entries in the tables and definition lists of an HTML page, or return None if it
    has fewer than two.

    A table lists terms if a row names the columns, such as "term" and "definition", or if it has
    two columns of short and of long texts. `columns` is that of `read_table`. Raises `SourceError`
    for a page that is too large or not readable.
    """
    text = file.text
    if "<table" not in text.casefold() and "<dl" not in text.casefold():
        return None
    if len(text) > LARGEST_PAGE or text.count("<") > MOST_TAGS:
        hint = "Save the table as .csv or .xlsx."
        check_count(len(text), LARGEST_PAGE, "characters", file.path, hint)
        check_count(text.count("<"), MOST_TAGS, "tags", file.path, hint)
    try:
        tables = tables_in(without_unclosed_tags(text))
    except AssertionError as error:
        raise SourceError(file.path, None, "is not readable HTML") from error
    return read_tables(map(rows_of, tables), file, columns)


def rows_of(table: HtmlTable) -> list[Row]:
    """Return the rows of a table; those of a definition list get a header."""
    if table.kind == "table":
        return table.texts()
    rows: list[Row] = [(0, _LIST_HEADER)]
    names: list[str] = []
    for row in table.rows:
        names.append(row[0].text)
        if row[1:]:
            meaning = "\n\n".join(cell.text for cell in row[1:])
            rows.append((row[0].line, [names[0], meaning, "; ".join(names[1:])]))
            names = []
    return rows


def read_tables(
    tables: Iterator[list[Row]],
    file: SourceFile,
    columns: Mapping[str, str],
    unit: str = "line",
) -> Reading | None:
    """Read the entries in those of the `tables` that list terms; None if they are fewer than two.

    The rows are numbered in the `unit` of `EntryCollector`.
    """
    listed = [found for rows in tables if (found := _listing(rows, columns))]
    if sum(map(len, listed)) - len(listed) < FEWEST_ROWS:
        return None
    collector = EntryCollector(file, unit)
    for rows in listed:
        escaped = ((number, list(map(literal, cells))) for number, cells in rows)
        if problem := read_rows(escaped, columns, collector, ""):
            collector.refuse(rows[0][0] or None, f"the table {problem}")
    return collector.reading()


def _listing(rows: Sequence[Row], columns: Mapping[str, str]) -> list[Row]:
    """Return the rows of a table that lists terms from its header on, or an empty list."""
    if rows and rows[0][1] is _LIST_HEADER:
        return list(rows) if _short_and_long([cells for _, cells in rows[1:]]) else []
    for at, (_, cells) in enumerate(rows[:_HEAD]):
        if is_header(cells, columns) or (columns and any(explicit(cells, columns))):
            return list(rows[at:])
    texts = [cells for _, cells in rows]
    usual = len(texts) >= FEWEST_UNNAMED and all(len(cells) == 2 for cells in texts)
    return list(rows) if usual and _short_and_long(texts) else []


def _short_and_long(rows: Sequence[list[str]]) -> bool:
    """Return whether the first texts can be names and the second ones explain them."""
    if len(rows) < FEWEST_ROWS or any(len(cells[0]) > LONGEST_NAME for cells in rows):
        return False
    names, meanings = (mean(len(cells[at]) for cells in rows) for at in (0, 1))
    return meanings >= max(SHORTEST_MEANING, 2 * names)
