"""Read the glossaries in the tables and definition lists of HTML pages."""

from collections.abc import Mapping

from index.entry import Entry
from index.errors import SourceError
from index.sources.files import Reading, SourceFile, check_count
from index.sources.tabular.csv import Row
from index.sources.tabular.listed import LIST_HEADER, read_tables
from index.sources.webpage.html import without_unclosed_tags
from index.sources.webpage.html_tables import HtmlTable, tables_in

LARGEST_PAGE = 8_000_000  # characters
MOST_TAGS = 400_000
_SMALLEST_SHARE = 0.25  # of the page's text; a table in an article has less


def read_term_tables(
    file: SourceFile, columns: Mapping[str, str] = {}, *, article: bool = False
) -> Reading | None:
    """Read the entries in the tables and definition lists of an HTML page, or return None if it
    has fewer than two, or if they are a small part of an `article`.

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
        tables, characters = tables_in(without_unclosed_tags(text))
    except AssertionError as error:
        raise SourceError(file.path, None, "is not readable HTML") from error
    found = read_tables(map(rows_of, tables), file, columns)
    if found is None or columns or not article:
        return found
    listed = sum(map(_characters, found.entries))
    return found if listed >= _SMALLEST_SHARE * characters else None


def _characters(entry: Entry) -> int:
    sections = sum(len(section.text) for section in entry.sections)
    return len(entry.term) + len(entry.definition) + sections


def rows_of(table: HtmlTable) -> list[Row]:
    """Return the rows of a table; those of a definition list get a header."""
    if table.kind == "table":
        return table.texts()
    rows: list[Row] = [(0, LIST_HEADER)]
    names: list[str] = []
    for row in table.rows:
        names.append(row[0].text)
        if row[1:]:
            meaning = "\n\n".join(cell.text for cell in row[1:])
            rows.append((row[0].line, [names[0], meaning, "; ".join(names[1:])]))
            names = []
    return rows
