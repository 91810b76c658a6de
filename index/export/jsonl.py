"""Export entries as JSON lines, in the format read by `index.sources.native_json`."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from index.entry import Entry
from index.sources.native_json import MARK, VERSION


def to_json_lines(entries: Iterable[Entry]) -> str:
    """Format entries as JSON lines, in order."""
    return "".join(f"{as_json(record_of(entry))}\n" for entry in entries)


def record_of(entry: Entry) -> dict[str, Any]:
    """Convert an entry to a JSON record with the version of the format.

    `path` and the ids of related terms are left out. `id` is the id in the index.
    """
    record: dict[str, Any] = {MARK: int(VERSION), "source": entry.source} | asdict(entry)
    del record["path"]
    for name in ("updated", "reviewed"):
        day = getattr(entry, name)
        record[name] = day.isoformat() if day else None
    for item in record["related"]:
        del item["id"]
    for item in record["faq"]:
        if not item["reworded"]:
            del item["reworded"]
    return record


def select_fields(entry: Entry, names: Collection[str]) -> dict[str, Any]:
    """Return the named fields of an entry for JSON. The id is the id within the source."""
    return {
        name: id_within(entry) if name == "id" else value
        for name, value in record_of(entry).items()
        if name in names
    }


def id_within(entry: Entry) -> str:
    """Return an entry's id within its source, such as `rag` for `team/rag`."""
    return entry.id.removeprefix(f"{entry.source}/")


def as_json(value: object, indent: int | None = None) -> str:
    """Format a value as JSON, without escaping non-ASCII characters."""
    return json.dumps(value, ensure_ascii=False, indent=indent)
