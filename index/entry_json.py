"""Entries to JSON and back, without loss."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

from index.entry import Entry, Question, Reference, Related, Section, Sense

Kind = TypeVar("Kind")

_NESTED: dict[str, Any] = {
    "senses": Sense,
    "sections": Section,
    "related": Related,
    "faq": Question,
    "references": Reference,
}
_AFTER_0_1_0 = {"search_phrases", "reviewed", "status"}


def entry_to_json(entry: Entry) -> str:
    """Return an entry as one line of JSON; dates are ISO 8601.

    Fields added after 0.1.0 are written only when set, so that other entries keep the digest they
    had then.
    """
    return json.dumps(entry, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a dataclass as a dict, and anything else, such as a date, as text."""
    if is_dataclass(value):
        content = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: value for name, value in content.items() if value or name not in _AFTER_0_1_0}
    return str(value)


def entry_from_json(text: str) -> Entry:
    """Parse the output of `entry_to_json`. Raises `ValueError`, `KeyError` or `TypeError` for other
    texts."""
    raw = json.loads(text)
    values = dict(raw)
    for name, kind in _NESTED.items():
        values[name] = tuple(from_fields(kind, item) for item in raw[name])
    values["aliases"] = tuple(raw["aliases"])
    values["search_phrases"] = tuple(raw.get("search_phrases", ()))
    for name in ("updated", "reviewed"):
        values[name] = date.fromisoformat(raw[name]) if raw.get(name) else None
    return from_fields(Entry, values)


def from_fields(kind: type[Kind], raw: Mapping[str, Any]) -> Kind:
    """Construct a dataclass from fields that any version of Nearsay wrote.

    Unknown fields are ignored and new ones get their defaults. Raises `TypeError` when a field
    without a default is missing.
    """
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in raw.items() if name in known})
