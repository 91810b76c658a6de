"""The fields of the entry form."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from index.entry import Entry, Question, Related, unlinked
from index.entry_json import from_fields

FieldName = Literal[
    "term", "aliases", "category", "definition", "example", "related", "questions", "owner"
]
NAMES: tuple[FieldName, ...] = get_args(FieldName)


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """The values typed into an entry form. The related terms are not resolved (`id` is None). The
    owner is None if the form has no such field, as in suggestions and in drafts of version 0.1: the
    entry keeps its owner."""

    term: str = ""
    aliases: tuple[str, ...] = ()
    category: str = ""
    definition: str = ""
    example: str = ""
    related: tuple[Related, ...] = ()
    questions: tuple[Question, ...] = ()
    owner: str | None = None

    def to_json(self) -> str:
        raw = asdict(self)
        if self.owner is None:
            del raw["owner"]  # so that digests of drafts without it do not change
        return json.dumps(raw, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> EntryDraft:
        """Parse the output of `to_json`. Raises `ValueError`, `KeyError` or `TypeError` for any
        other text."""
        raw: dict[str, Any] = json.loads(text)
        raw["aliases"] = tuple(raw["aliases"])
        raw["related"] = tuple(from_fields(Related, item) for item in raw["related"])
        raw["questions"] = tuple(from_fields(Question, item) for item in raw["questions"])
        return from_fields(cls, raw)

    def completed_from(self, other: EntryDraft) -> EntryDraft:
        """Return the draft, with the owner of another if it has no such field."""
        return replace(self, owner=other.owner) if self.owner is None else self


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
        owner=entry.owner,
    )


def changed_fields(one: EntryDraft, other: EntryDraft) -> tuple[FieldName, ...]:
    """Return the names of the fields in which two forms differ."""
    return tuple(
        name for name in NAMES if (getattr(one, name) or "") != (getattr(other, name) or "")
    )


def digest_of(fields: EntryDraft) -> str:
    """Return the first 128 bits of the fields' SHA-256, hexadecimal."""
    return hashlib.sha256(fields.to_json().encode(errors="replace")).hexdigest()[:32]
