"""Read everything that users wrote from the ledger's tables, without the code under test."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Written = dict[str, dict[str, Row]]
"""Rows by table and key."""

# The key columns in each table.
KEYS = {
    "edits": ("entry",),
    "edit_history": ("id",),
    "drafts": ("person", "what"),
    "suggestions": ("id",),
    "questions": ("id",),
    "votes": ("question", "person"),
    "audit": ("id",),
    "entry_history": ("id",),
}
# The entries in the current generation, as recorded in the ledger.
ENTRIES = """
SELECT content FROM entry_versions
JOIN generation_entries USING (digest)
WHERE generation = (SELECT generation FROM pointer)
"""
JSON_COLUMNS = ("content", "imported", "fields", "entries")


def written_by_people(ledger: Path) -> Written:
    """Return everything in the tables of `KEYS`, and every current entry under "entries"."""
    with closing(sqlite3.connect(ledger)) as database:
        database.row_factory = sqlite3.Row
        found: Written = {}
        for table, key in KEYS.items():
            rows = [dict(row) for row in database.execute(f"SELECT * FROM {table}")]
            found[table] = {" ".join(str(row[name]) for name in key): _parsed(row) for row in rows}
        contents = [json.loads(row["content"]) for row in database.execute(ENTRIES)]
        found["entries"] = {content["id"]: content for content in contents}
    return found


def _parsed(row: Row) -> Row:
    return {
        name: json.loads(value) if name in JSON_COLUMNS and value else value
        for name, value in row.items()
    }


def missing_items(expected: Any, there: Any, where: str = "") -> Iterator[str]:
    """Yield a line for each item in `expected` that `there` lacks; `there` may have more."""
    if isinstance(expected, dict) and isinstance(there, dict):
        for name, value in expected.items():
            if name in there:
                yield from missing_items(value, there[name], f"{where}/{name}")
            else:
                yield f"{where}/{name} is gone"
    elif isinstance(expected, list) and isinstance(there, list):
        if len(there) < len(expected):
            yield f"{where}: {len(there)} of {len(expected)} are there"
        for at, (one, other) in enumerate(zip(expected, there, strict=False)):
            yield from missing_items(one, other, f"{where}/{at}")
    elif expected != there:
        yield f"{where} was {expected!r} and is {there!r}"
