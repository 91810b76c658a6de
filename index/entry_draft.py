"""The fields of the entry form."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from index.entry import Entry, Question, Related, unlinked
from index.entry_json import from_fields

FieldName = Literal["term", "aliases", "category", "definition", "example", "related", "questions"]
NAMES: tuple[FieldName, ...] = get_args(FieldName)


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """The values typed into an entry form. The related terms are not resolved (`id` is None)."""

    term: str = ""
    aliases: tuple[str, ...] = ()
    category: str = ""
    definition: str = ""
    example: str = ""
    related: tuple[Related, ...] = ()
    questions: tuple[Question, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> EntryDraft:
        """Parse the output of `to_json`. Raises `ValueError`, `KeyError` or `TypeError` for any
        other text."""
        raw: dict[str, Any] = json.loads(text)
        raw["aliases"] = tuple(raw["aliases"])
        raw["related"] = tuple(from_fields(Related, item) for item in raw["related"])
        raw["questions"] = tuple(from_fields(Question, item) for item in raw["questions"])
        return from_fields(cls, raw)


def draft_of(entry: Entry) -> EntryDraft:
    """Return the form fields of an entry."""
    return EntryDraft(
        term=entry.term,
        aliases=entry.aliases,
        category=entry.category,
        definition=entry.definition,
        example=entry.example,
        related=unlinked(entry).related,
        questions=entry.faq,
    )


def changed_fields(one: EntryDraft, other: EntryDraft) -> tuple[FieldName, ...]:
    """Return the names of the fields in which two forms differ."""
    return tuple(name for name in NAMES if getattr(one, name) != getattr(other, name))


def digest_of(fields: EntryDraft) -> str:
    """Return the first 128 bits of the fields' SHA-256, hexadecimal."""
    return hashlib.sha256(fields.to_json().encode(errors="replace")).hexdigest()[:32]
