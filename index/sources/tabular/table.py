"""Read glossaries in tables: CSV, TSV and Excel files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from statistics import mean

from index.errors import SourceError
from index.sources.cells import marks_in
from index.sources.collector import MOST_COLUMNS, MOST_ROWS, EntryCollector
from index.sources.columns import (
    MEANINGS,
    NO_COLUMNS,
    OTHER,
    assign,
    column_key,
    explicit,
    field_of,
    is_complete,
    is_header,
)
from index.sources.files import Reading, RefusedError, SourceFile
from index.sources.markdown.links import linked_in
from index.sources.row import draft_of
from index.sources.tabular.csv import Row, csv_rows, table_form
from index.sources.tabular.native import entry_from_rows, is_exact, rows_by_entry

_SAMPLE_ROWS = 40  # rows used to find the column names
_PROSE = MEANINGS | {"notes", OTHER}
_HINT = 'Name the columns in the first row, such as "term" and "definition".'


def read_table(file: SourceFile, columns: Mapping[str, str] = {}) -> Reading:
    """Read the entries in a .csv, .tsv or .xlsx file, one per row. Rows with the same term become
    meanings of one entry.

    Delimiter, quoting, encoding and header are detected; a table with two columns (term, meaning)
    needs no header. `columns` maps fields to column names that are not recognized:
    `{"term": "column name"}`. A table exported by Nearsay is read without loss (see `native`).
    Raises `SourceError` for a file that is not a table, or a text without recognizable columns.
    """
    collector = EntryCollector(file)
    if file.data.startswith(b"PK\x03\x04") or file.path.suffix.casefold() == ".xlsx":
        _read_sheets(file, columns, collector)
    else:
        text = file.text
        form, skip = table_form(text, columns, file)
        rows = csv_rows(text, form, skip, collector)
        if problem := read_rows(rows, columns, collector, "", between=f"{form[0]} ".lstrip()):
            raise SourceError(file.path, None, problem, _HINT)
    return collector.reading()


def _read_sheets(file: SourceFile, columns: Mapping[str, str], collector: EntryCollector) -> None:
    from index.sources.tabular.xlsx import sheets  # slow import

    for name, rows in sheets(file):
        where = f'sheet "{name}": '
        if rows is None:
            collector.refuse(None, where + "is hidden, so it is not read")
        elif problem := read_rows(enumerate(rows, start=1), columns, collector, where):
            collector.refuse(None, where + problem, _HINT)


def read_rows(
    rows: Iterator[Row],
    columns: Mapping[str, str],
    collector: EntryCollector,
    where: str,
    between: str = "",
) -> str:
    """Add the rows of one table to `collector`. Return the reason why it cannot be read, or "".

    `between` is the delimiter, to rejoin an unquoted text that contains it.
    """
    filled = (
        (number, cells[:MOST_COLUMNS]) for number, cells in rows if any(map(str.strip, cells))
    )
    head = list(islice(filled, _SAMPLE_ROWS))
    if not head:
        return "is empty"
    layout = _layout(head, columns)
    if not layout:
        return NO_COLUMNS
    at, names, fields = layout
    if not columns and is_exact(names):
        _add_native(names, islice(chain(head[at + 1 :], filled), MOST_ROWS), collector, where)
        return ""
    for number, _ in head[: max(at, 0)]:
        collector.refuse(number, where + "is above the header")
    if at >= 0 and not any(map(field_of, names)) and not columns:
        collector.refuse(head[at][0], where + "is read as the header")
    there = {column_key(name) for name in names}
    for name in columns.values():
        if column_key(name) not in there:
            collector.refuse(head[max(at, 0)][0], f'{where}has no column "{name}"')
    for count, (number, cells) in enumerate(chain(head[at + 1 :], filled)):
        if count >= MOST_ROWS:
            collector.refuse(
                number, f"{where}has more than {MOST_ROWS:,} rows; the rest is not read"
            )
            break
        if not collector.count_marks(number, marks_in("".join(cells))):
            break
        try:
            draft = draft_of(_cells(fields, names, cells, between), number)
            draft.related += linked_in(cells)
            collector.add_row(draft, where)
        except RefusedError as error:
            collector.refuse(number, f"{where}{error}")
    return ""


def _add_native(
    names: Sequence[str], rows: Iterable[Row], collector: EntryCollector, where: str
) -> None:
    for numbered in rows_by_entry(names, rows):
        try:
            collector.add_entry(entry_from_rows([row for _, row in numbered]))
        except RefusedError as error:
            collector.refuse(numbered[0][0], f"{where}{error}")


def _layout(head: list[Row], columns: Mapping[str, str]) -> tuple[int, list[str], list[str]] | None:
    """Return the position of the header in `head` (-1 if there is none), the column names and the
    fields, or None if the columns cannot be identified."""
    at, names = _header(head, columns)
    fields = assign(names, columns) if names else _fields_by_position(head)
    if names and not is_complete(fields):
        fields = _completed(fields, head[at + 1 :])
    return (at, names or [""] * len(fields), fields) if is_complete(fields) else None


def _cells(
    fields: Sequence[str], names: Sequence[str], cells: list[str], between: str
) -> Iterator[tuple[str, str, str]]:
    """Yield the cells of a row as (field, column name, cell).

    Cells beyond the last column are joined to it if it is prose, since they come from an unquoted
    text; otherwise they are unnamed columns.
    """
    width = len(fields)
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    if between and len(cells) > width and fields[-1] in _PROSE:
        cells = [*cells[: width - 1], between.join(cells[width - 1 :])]
    for at, cell in enumerate(cells):
        known = at < width
        yield (
            fields[at] if known else OTHER,
            names[at] if known else f"Column {at + 1}",
            cell.strip(),
        )


def _header(head: list[Row], columns: Mapping[str, str]) -> tuple[int, list[str]]:
    """Return the position of the header in `head` and the column names, or (-1, [])."""
    for at, (_, cells) in enumerate(head):
        if columns and any(explicit(cells, columns)):
            return at, cells
        if is_header(cells, columns):
            return at, cells
    width = max(sum(bool(cell.strip()) for cell in cells) for _, cells in head)
    for at, (_, cells) in enumerate(head):
        fields = assign(cells, columns)
        short = all(len(cell) <= 30 and len(cell.split()) <= 3 for cell in cells)
        if short and len(cells) >= width > 1 and ("term" in fields or "definition" in fields):
            return at, cells
        if len([cell for cell in cells if cell.strip()]) >= width:
            break
    return (0, head[0][1]) if _short_above_long(head) else (-1, [])


def _short_above_long(head: list[Row]) -> bool:
    """Return whether the first row of a table of two columns is a header with unknown names: two
    short texts above rows of long texts."""
    first, *others = (cells for _, cells in head)
    return (
        len(others) >= 3
        and len(first) == 2
        and all(0 < len(cell.strip()) <= 25 and cell.strip()[-1].isalnum() for cell in first)
        and all(len(cells) > 1 and len(cells[1]) > max(40, 3 * len(first[1])) for cells in others)
    )


def _fields_by_position(head: list[Row]) -> list[str]:
    """Return the fields of a table without a known header: term and definition if it has two
    columns, else an empty list."""
    filled = Counter(
        tuple(at for at, cell in enumerate(cells) if cell.strip()) for _, cells in head
    )
    used, times = filled.most_common(1)[0]
    if len(used) != 2 or times < 0.8 * len(head):
        return []
    fields = [""] * (used[1] + 1)
    fields[used[0]], fields[used[1]] = "term", "definition"
    return fields


def _completed(fields: list[str], rows: list[Row]) -> list[str]:
    unknown = [at for at, field in enumerate(fields) if field == OTHER]
    fields = list(fields)
    if "term" not in fields and unknown:
        fields[unknown.pop(0)] = "term"
    if not is_complete(fields) and unknown and rows:
        longest = max(
            unknown,
            key=lambda at: mean(len(cells[at]) if at < len(cells) else 0 for _, cells in rows),
        )
        fields[longest] = "definition"
    return fields
