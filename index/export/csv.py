"""Export entries as a CSV table with one row per meaning (see `index.sources.tabular.native`).

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula. As OWASP advises, `'`
is prepended to such a cell, and every cell is quoted. A cell that already begins with `'` gets
another one, so that an import restores it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from index.entry import Entry
from index.export.jsonl import as_json, record_of
from index.sources.tabular.native import BETWEEN, COLUMNS, GUARD, GUARDED, JSON_COLUMNS, LISTED

_BOM = "\ufeff"  # without it, Excel does not recognize UTF-8


def to_csv(entries: Iterable[Entry]) -> str:
    """Format entries as CSV, in order, with a header row."""
    text = io.StringIO()
    text.write(_BOM)
    rows = csv.DictWriter(text, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writeheader()
    for entry in entries:
        for row in _rows(entry):
            rows.writerow({column: guard_cell(cell) for column, cell in row.items()})
    return text.getvalue()


def _rows(entry: Entry) -> Iterator[dict[str, str]]:
    record = record_of(entry)
    first = {column: record[column] or "" for column in COLUMNS if column in record}
    for column, field in LISTED.items():
        first[column] = _listed(record[field])
    for column, field in JSON_COLUMNS.items():
        first[column] = as_json(record[field]) if record[field] else ""
    if entry.senses:
        first["context"] = entry.senses[0].context
    yield first
    for sense in entry.senses[1:]:
        yield {
            "source": entry.source,
            "id": entry.id,
            "term": entry.term,
            "definition": sense.definition,
            "context": sense.context,
        }


def _listed(items: Sequence[str]) -> str:
    if any(BETWEEN in item for item in items) or (items and items[0].startswith("[")):
        return as_json(items)
    return f"{BETWEEN} ".join(items)


def guard_cell(cell: str) -> str:
    """Escape a cell that a spreadsheet would run as a formula."""
    return GUARD + cell if cell.startswith(GUARDED) else cell
