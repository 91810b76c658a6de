"""Read JSON exported by Nearsay, without loss.

    {"nearsay": 1, "source": "team", "id": "team/rag", "term": "RAG", "definition": "…",
     "category": "…", "aliases": ["…"], "updated": "2026-11-24",
     "senses": [{"definition": "…", "context": "…"}], "sections": [{"heading": "…", "text": "…"}],
     "example": "…", "related": [{"term": "…", "why": "…", "outside": false}],
     "faq": [{"question": "…", "answer": "…", "reworded": false}],
     "references": [{"text": "…", "url": null}],
     "url": null, "licence": "…", "search_phrases": ["…"], "reviewed": null, "status": "…",
     "owner": "…", "details": [{"name": "…", "value": "…"}], "more_categories": ["…"]}

Only `nearsay` (the version of the format), `term` and `definition` are required. Texts are cleaned
(see `index.text`) and limited in length, but keep their markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeVar

from index.entry import (
    LONGEST_DETAIL,
    LONGEST_DETAIL_NAME,
    LONGEST_NAME,
    LONGEST_PHRASE,
    LONGEST_TEXT,
    MOST_CATEGORIES,
    MOST_DETAILS,
    MOST_NAMES,
    MOST_PHRASES,
    Detail,
    Entry,
    Question,
    Reference,
    Related,
    Section,
    Sense,
)
from index.names import name_key
from index.sources.files import RefusedError
from index.sources.plain_data import ObjectNode, Value
from index.text import clean, is_web_address, one_line, shorten

MARK = "nearsay"
VERSION = "1"
LONGEST_ID = 1_000  # characters
MOST_PARTS = 10_000  # sections, questions or other parts of one kind in an entry

_Part = TypeVar("_Part")


def is_marked(value: Value) -> bool:
    """Return whether a JSON value is an entry exported by Nearsay."""
    return isinstance(value, ObjectNode) and any(key == MARK for key, _ in value.pairs)


def entry_from_record(record: ObjectNode) -> Entry:
    """Build an entry from a record exported by Nearsay. The id is the id within the source.

    Raises `RefusedError` for another version, a missing term or definition, an unknown field, or
    a value that is too long or of the wrong type.
    """
    fields = dict(record.pairs)
    version = fields.pop(MARK, VERSION)
    if version != VERSION:
        shown = shorten(one_line(version), 20) if isinstance(version, str) else "of another type"
        raise RefusedError(f"has a format version {shown}; only {VERSION} is supported")
    return entry_from_fields(fields_of(ObjectNode(tuple(fields.items()))))


def entry_from_fields(fields: Mapping[str, Any]) -> Entry:
    """Build the entry with these fields (see `fields_of`). The default id comes from the term.
    Raises `RefusedError` if the term or the definition is missing."""
    for required in ("term", "definition"):
        if required not in fields:
            raise RefusedError(f"has no {required}")
    id_of_term = "-".join(name_key(fields["term"]).split()) or "entry"
    return Entry(**{"id": id_of_term, **fields})


def fields_of(record: ObjectNode) -> dict[str, Any]:
    """Return the cleaned fields of a JSON object by their names in `Entry`, with the id within the
    source.

    Raises `RefusedError` like `entry_from_record`.
    """
    for key, _ in record.pairs:
        if key not in _FIELDS:
            raise RefusedError(f'"{shorten(one_line(key), 40)}" is not a field of an entry')
    fields: dict[str, Any] = {key: _FIELDS[key](key, value) for key, value in record.pairs}
    source = fields.pop("source", "")
    for required in ("term", "definition"):
        if not fields.get(required, required):
            raise RefusedError(f"has no {required}")
    if "id" in fields:
        fields["id"] = fields["id"].removeprefix(f"{source}/")
        if not fields["id"] or "/" in fields["id"]:
            raise RefusedError(f'the id "{shorten(fields["id"], 80)}" is not valid within a source')
    return fields


def _text(what: str, value: Value, limit: int = LONGEST_TEXT) -> str:
    if not isinstance(value, str):
        raise RefusedError(f'"{what}" is not text')
    if len(value) > limit:
        raise RefusedError(f'"{what}" has {len(value):,} characters; {limit:,} are allowed')
    return clean(value)


def _line(what: str, value: Value, limit: int = LONGEST_TEXT) -> str:
    return one_line(_text(what, value, limit))


_name = partial(_line, limit=LONGEST_NAME)


def _date(what: str, value: Value) -> date | None:
    text = _line(what, value)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RefusedError(
            f'"{what}" is not a date: "{shorten(text, 40)}"; write 2026-01-31'
        ) from error


def _url(what: str, value: Value) -> str | None:
    text = _text(what, value)
    if text and not is_web_address(text):
        raise RefusedError(f'"{what}" is not a web address: "{shorten(one_line(text), 80)}"')
    return text or None


def _lines(what: str, value: Value, most: int, limit: int) -> tuple[str, ...]:
    lines = (_line(what, item, limit) for item in _items(what, value, most))
    return tuple(line for line in lines if line)


def _items(what: str, value: Value, most: int = MOST_PARTS) -> tuple[Value, ...]:
    if value == "":
        return ()
    if not isinstance(value, tuple):
        raise RefusedError(f'"{what}" is not a list')
    if len(value) > most:
        raise RefusedError(f'"{what}" has {len(value):,} items; {most:,} are allowed')
    return value


def _flag(_: str, value: Value) -> bool:
    return value == "true"


def _list_of(make: Callable[..., _Part], most: int = MOST_PARTS, **readers: _Reader) -> _Reader:
    """Return a reader for lists of at most `most` objects with some of these keys; `make` builds
    each item."""

    def read(what: str, value: Value) -> tuple[_Part, ...]:
        parts: list[_Part] = []
        for item in _items(what, value, most):
            if not isinstance(item, ObjectNode) or not {key for key, _ in item.pairs} <= set(
                readers
            ):
                raise RefusedError(f'"{what}" is not a list of objects with {", ".join(readers)}')
            given = dict(item.pairs)
            parts.append(make(**{key: of(what, given.get(key, "")) for key, of in readers.items()}))
        return tuple(parts)

    return read


_Reader = Callable[[str, Value], object]
_FIELDS: Mapping[str, _Reader] = {
    "source": _name,
    "id": partial(_line, limit=LONGEST_ID),
    "term": _name,
    "definition": _line,
    "category": _name,
    "aliases": partial(_lines, most=MOST_NAMES, limit=LONGEST_NAME),
    "updated": _date,
    "senses": _list_of(Sense, definition=_line, context=_line),
    "sections": _list_of(Section, heading=_line, text=_text),
    "example": _text,
    "related": _list_of(Related, term=_name, why=_line, outside=_flag),
    "faq": _list_of(Question, question=_line, answer=_text, reworded=_flag),
    "references": _list_of(Reference, text=_line, url=_url),
    "url": _url,
    "licence": _line,
    "search_phrases": partial(_lines, most=2 * MOST_PHRASES, limit=LONGEST_PHRASE),
    "reviewed": _date,
    "status": _line,
    "owner": _line,
    "details": _list_of(
        Detail,
        MOST_DETAILS,
        name=partial(_line, limit=LONGEST_DETAIL_NAME),
        value=partial(_line, limit=LONGEST_DETAIL),
    ),
    "more_categories": partial(_lines, most=MOST_CATEGORIES, limit=LONGEST_NAME),
}
