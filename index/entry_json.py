"""Convert entries to JSON and back without loss."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

from index.entry import Detail, Entry, Question, Reference, Related, Section, Sense

Kind = TypeVar("Kind")

_NESTED: dict[str, Any] = {
    "senses": Sense,
    "sections": Section,
    "related": Related,
    "faq": Question,
    "references": Reference,
    "details": Detail,
}
_OPTIONAL = frozenset(
    {"search_phrases", "reviewed", "status", "owner", "details", "more_categories"}
)


def entry_to_json(entry: Entry) -> str:
    """Convert an entry to one line of JSON. Dates are in ISO 8601 format.

    The fields of `_OPTIONAL` are omitted when empty, so that adding one changes no digest.
    """
    return json.dumps(entry, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Convert a dataclass to a dict, and any other value, such as a date, to text."""
    if is_dataclass(value):
        content = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: value for name, value in content.items() if value or name not in _OPTIONAL}
    return str(value)


def entry_from_json(text: str) -> Entry:
    """Parse the output of `entry_to_json`. Raises `ValueError`, `KeyError` or `TypeError` for other
    texts."""
    raw = json.loads(text)
    values = dict(raw)
    for name, kind in _NESTED.items():
        values[name] = tuple(
            from_fields(kind, item)
            for item in (raw.get(name, ()) if name in _OPTIONAL else raw[name])
        )
    values["aliases"] = tuple(raw["aliases"])
    for name in ("search_phrases", "more_categories"):
        values[name] = tuple(raw.get(name, ()))
    for name in ("updated", "reviewed"):
        values[name] = date.fromisoformat(raw[name]) if raw.get(name) else None
    return from_fields(Entry, values)


def from_fields(kind: type[Kind], raw: Mapping[str, Any]) -> Kind:
    """Construct a dataclass from fields written by any version of Nearsay.

    Unknown fields are ignored, and missing fields get their defaults. Raises `TypeError` when a
    field without a default is missing.
    """
    # `kind` is a dataclass, which its type variable cannot say.
    known = kind.__dataclass_fields__  # type: ignore[attr-defined]
    return kind(**{name: value for name, value in raw.items() if name in known})
