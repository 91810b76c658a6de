"""Replies and forms with texts of maximum length."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.replies.editing import Conflict
from index.editing.draft_check import Duplicate, Preview
from index.entry import Entry, Mention, Question, Reference, Related, Section
from index.entry_draft import EntryDraft
from index.search.results import Answer, Citation, EntryReply, MatchedPassage, Neighbour, Neighbours
from index.storage.db.suggestions import Suggestion
from tests.unit.bot.samples import differences, filled

Text = Callable[[int], str]


def neighbour(text: Text, rank: int, **changes: Any) -> Neighbour:
    given = {"id": f"entry-{rank}", "rank": rank, "similarity": 0.71, "cosine": 0.71, "url": None}
    given |= {"term": text(300), "category": text(300), "aliases": 150, "related": 0}
    given |= {"percentile": 99.7, "band": "very close", "match": "meaning"}
    given |= {"passage": MatchedPassage("question", text(3_000), text(3_000))}
    return filled(Neighbour, text, **given | changes)


def neighbours(text: Text, count: int = 20, **changes: Any) -> Neighbours:
    found = tuple(neighbour(text, rank) for rank in range(1, count + 1))
    given = {"query": text(8_000), "note": text(9_000), "sparse": False, "why": False}
    return filled(Neighbours, text, **given | {"neighbours": found} | changes)


def entry_reply(text: Text, **changes: Any) -> EntryReply:
    """Build an entry with the maximum number of items in each field."""
    references = (Reference(text(300), f"https://example.test/{at}?a=1&b=2") for at in range(30))
    given = {
        "id": "entry-1",
        "term": text(300),
        "category": text(300),
        "aliases": 150,
        "senses": 0,
        "sections": tuple(Section(text(300), text(3_000)) for _ in range(25)),
        "related": tuple(Related(text(300), text(300), f"entry-{at}") for at in range(30)),
        "faq": tuple(Question(text(3_000), text(3_000)) for _ in range(25)),
        "references": tuple(references),
        "url": None,
    }
    found = filled(Entry, text, **given | changes)
    others = {"match": "spelling", "neighbours": (), "also_in": 0, "whole": False}
    return filled(EntryReply, text, entry=found, **others)


def answer(text: Text, count: int = 25, **changes: Any) -> Answer:
    """Build an answer with `count` citations, or an unanswered reply if `count` is 0."""
    places = tuple(Citation(f"entry-{at}", text(300), text(3_000)) for at in range(1, count + 1))
    given = {
        "question": text(8_000),
        "answered": count > 0,
        "text": text(9_000),
        "citations": places,
        "confidence": "not sure" if count else "none",
        "sparse": not count,
        "nearest": mentions(text, 3),
        "follow_ups": tuple(text(3_000) for _ in range(3)),
    }
    return filled(Answer, text, **given | changes)


def mentions(text: Text, count: int = 10) -> tuple[Mention, ...]:
    return tuple(Mention(f"entry-{at}", text(300), text(300), 0.5) for at in range(count))


def written(text: Text, **changes: Any) -> EntryDraft:
    given: dict[str, Any] = {
        "term": text(120),
        "aliases": tuple(f"{at}{text(100)}" for at in range(100)),
        "category": text(120),
        "definition": text(20_000),
        "example": text(20_000),
        "related": tuple(Related(f"{at}{text(100)}", text(5_000)) for at in range(20)),
        "questions": tuple(Question(f"{at}{text(400)}", text(20_000)) for at in range(8)),
    }
    return EntryDraft(**given | changes)


def usual(text: Text) -> EntryDraft:
    """Build fields that fit in a form."""
    return written(
        text,
        aliases=(text(100),),
        definition=text(1_000),
        example=text(1_000),
        related=(Related(text(100), text(300)),),
        questions=tuple(Question(f"{at}{text(300)}", text(1_500)) for at in range(4)),
    )


def preview(text: Text) -> Preview:
    same = (filled(Duplicate, text), filled(Duplicate, text, reason="name"))
    return filled(Preview, text, nearest=20, duplicates=same * 10, mentioned=20, missing=20)


def conflict(text: Text) -> Conflict:
    return filled(
        Conflict,
        text,
        entry="entry-1",
        at=datetime.now(UTC) - timedelta(minutes=5),
        removed=False,
        theirs=written(text),
        yours=written(text),
        differences=differences(text),
    )


def suggestion(text: Text, **changes: Any) -> Suggestion:
    given = {"id": "0123abcd", "fields": written(text), "person": "U012ABCDEF"} | changes
    return filled(Suggestion, text, **given)
