"""Read the rows of a CSV file, and detect its delimiter and quote character."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.sources.collector import EntryCollector
from index.sources.columns import is_header
from index.sources.files import LARGEST_TEXT, SourceFile

if TYPE_CHECKING:
    from _csv import Reader

Row = tuple[int, list[str]]  # the row's number in the file, from 1, and its cells
_SAMPLE_ROWS = 40  # rows used to detect the dialect
_SAMPLE = 64 * 1024  # characters
_MOST_UNCLOSED = 10

csv.field_size_limit(LARGEST_TEXT)  # of the whole process; long cells are refused one by one


def csv_rows(
    text: str, form: tuple[str, str], skip: int, collector: EntryCollector
) -> Iterator[Row]:
    """Yield the rows after the first `skip` lines, each with the number of its first line.

    `form` is the delimiter and the quote character (see `table_form`).
    A line with an unclosed quote is refused, and reading continues with the next line.
    """
    lines = text.split("\n")
    for _ in range(_MOST_UNCLOSED):
        rows = _reader(islice(lines, skip, None), form)
        start = skip + 1
        for row in rows:
            end = skip + rows.line_num
            if end > start and end >= len(lines) and _unclosed(lines[start - 1 :], form):
                collector.refuse(start, "has an unclosed quote")
                skip = start
                break
            yield start, row
            start = end + 1
        else:
            return
    collector.refuse(skip, "has too many unclosed quotes; the rest is skipped")


def _reader(lines: Iterable[str], form: tuple[str, str], *, strict: bool = False) -> Reader:
    return csv.reader(
        (line + "\n" for line in lines),
        delimiter=form[0],
        quotechar=form[1],
        skipinitialspace=True,
        strict=strict,
    )


def _unclosed(lines: list[str], form: tuple[str, str]) -> bool:
    try:
        for _ in _reader(lines, form, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def table_form(
    text: str, columns: Mapping[str, str], file: SourceFile
) -> tuple[tuple[str, str], int]:
    """Return the delimiter and quote character of a table, and the number of lines before it.
    Raises `SourceError` if the text has only one column."""
    first = text.partition("\n")[0].strip().casefold()
    if first.startswith("sep=") and len(first) == 5:
        return (first[4], '"'), 1
    return _form(text[:_SAMPLE], columns, file), 0


def _form(sample: str, columns: Mapping[str, str], file: SourceFile) -> tuple[str, str]:
    quote = "'" if '"' not in sample and sample.lstrip().startswith("'") else '"'
    best, form = 0.0, (",", quote)
    delimiters = "\t,;|" if file.path.suffix.casefold() == ".tsv" else ",;\t|"
    for delimiter in delimiters:
        rows = islice(_reader(sample.split("\n"), (delimiter, quote)), 10 * _SAMPLE_ROWS)
        found = [row for row in rows if any(row)][:_SAMPLE_ROWS]
        if len(found) > 1 and len(sample) == _SAMPLE:
            found.pop()
        widths = [len(row) for row in found if len(row) > 1]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = widths.count(usual) / len(found)
        score += any(is_header(row, columns) for row in found)
        if score > best:
            best, form = score, (delimiter, quote)
    if not best:
        raise SourceError(file.path, None, "is not a table: it has only one column")
    return form
