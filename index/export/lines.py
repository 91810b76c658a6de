"""Entries as JSON lines: an object a line, with every field (see `index.sources.exact`)."""

from __future__ import annotations

from collections.abc import Iterable

from index.entry import Entry
from index.export.fields import as_json, record_of


def as_lines(entries: Iterable[Entry]) -> str:
    """The entries, in their order."""
    return "".join(f"{as_json(record_of(entry))}\n" for entry in entries)
