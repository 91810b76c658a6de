"""Fields of entries as values for JSON, in the form that `index.sources.exact` reads."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from index.entry import Entry
from index.export.normal import id_within
from index.sources.exact import MARK, VERSION


def record_of(entry: Entry) -> dict[str, Any]:
    """An entry as one marked record with every field; its id is the one in the index."""
    return {
        MARK: int(VERSION),
        "source": entry.source,
        "id": entry.id,
        "term": entry.term,
        "definition": entry.definition,
        "category": entry.category,
        "aliases": list(entry.aliases),
        "updated": entry.updated.isoformat() if entry.updated else None,
        "senses": [{"definition": s.definition, "context": s.context} for s in entry.senses],
        "sections": [{"heading": s.heading, "text": s.text} for s in entry.sections],
        "example": entry.example,
        "related": [
            {"term": item.term, "why": item.why, "outside": item.outside} for item in entry.related
        ],
        "faq": [
            {"question": item.question, "answer": item.answer}
            | ({"reworded": True} if item.reworded else {})
            for item in entry.faq
        ],
        "references": [{"text": item.text, "url": item.url} for item in entry.references],
        "url": entry.url,
        "licence": entry.licence,
        "search_phrases": list(entry.search_phrases),
    }


def some_of(entry: Entry, names: Collection[str]) -> dict[str, Any]:
    """The fields of these names, without a mark; the id is the one within the source."""
    return {
        name: id_within(entry) if name == "id" else value
        for name, value in record_of(entry).items()
        if name in names
    }


def as_json(value: object, indent: int | None = None) -> str:
    """A value as JSON, in letters that can be read."""
    return json.dumps(value, ensure_ascii=False, indent=indent)
