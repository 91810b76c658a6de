"""Read tables exported by Nearsay, without loss.

The first row of an entry has all fields; cells in columns named "… (JSON)" are JSON. Each further
row with the same source and id has another meaning: a definition and a context.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from index.entry import Entry, Sense
from index.errors import SourceError
from index.names import name_key
from index.sources.files import RefusedError
from index.sources.native_json import entry_from_fields, fields_of
from index.sources.plain_data import ObjectNode, Value, parse_json

JSON_COLUMNS = {
    "sections (JSON)": "sections",
    "related (JSON)": "related",
    "questions (JSON)": "faq",
    "references (JSON)": "references",
    "details (JSON)": "details",
}
LISTED = {
    "aliases": "aliases",
    "search phrases": "search_phrases",
    "more categories": "more_categories",
}
COLUMNS = (
    *("source", "id", "term", "definition", "context", "category", "aliases", "updated"),
    *("example", *JSON_COLUMNS, "url", "licence", "search phrases"),
    *("reviewed", "status", "owner", "more categories"),
)
BETWEEN = ";"  # separates the items of a list; a list with a semicolon in an item is JSON
# Prefix of cells that a spreadsheet would run as a formula, or that begin with the prefix itself.
GUARD = "'"
GUARDED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", GUARD)

Row = Mapping[str, str]  # column name -> cell


def is_exact(names: Sequence[str]) -> bool:
    """Return whether a table with these column names was exported by Nearsay."""
    there = {name.strip() for name in names}
    there.discard("")
    return {"term", "definition"} <= there <= set(COLUMNS) and not there.isdisjoint(JSON_COLUMNS)


def rows_by_entry(
    names: Sequence[str], rows: Iterable[tuple[int, list[str]]]
) -> list[list[tuple[int, Row]]]:
    """Group the numbered rows of a table by entry, in the order of each entry's first row."""
    found: dict[tuple[str, str], list[tuple[int, Row]]] = {}
    for number, cells in rows:
        row = {
            name.strip(): cell.strip().removeprefix(GUARD)
            for name, cell in zip(names, cells, strict=False)
        }
        key = row.get("id") or name_key(row.get("term", ""))
        found.setdefault((row.get("source", ""), key), []).append((number, row))
    return list(found.values())


def entry_from_rows(rows: Sequence[Row]) -> Entry:
    """Build the entry from its rows. Raises `RefusedError` like `native_json.entry_from_record`."""
    entry = entry_from_fields(_fields(rows[0]))
    senses = tuple(_sense(row) for row in rows)
    return replace(entry, senses=senses if senses[1:] or senses[0].context else ())


def _fields(row: Row) -> dict[str, object]:
    return fields_of(
        ObjectNode(
            tuple(
                ((JSON_COLUMNS | LISTED).get(name, name), _value(name, cell))
                for name, cell in row.items()
                if cell and name not in ("", "context")
            )
        )
    )


def _value(name: str, cell: str) -> Value:
    if name in LISTED and not cell.startswith("["):
        return tuple(part.strip() for part in cell.split(BETWEEN))
    if name not in LISTED and name not in JSON_COLUMNS:
        return cell
    try:
        return parse_json(cell, Path(name))
    except SourceError as error:
        raise RefusedError(f'"{name}" {error.reason}') from error


def _sense(row: Row) -> Sense:
    cells = (("definition", row.get("definition", "")), ("context", row.get("context", "")))
    senses: tuple[Sense, ...] = fields_of(ObjectNode((("senses", (ObjectNode(cells),)),)))["senses"]
    if not senses[0].definition:
        raise RefusedError("has a meaning without a definition")
    return senses[0]
