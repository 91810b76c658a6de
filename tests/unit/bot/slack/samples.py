"""Editing replies and forms, with texts of maximum length."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.replies.editing import Conflict
from index.editing.draft_check import Duplicate, Preview
from index.entry import Question, Related
from index.entry_draft import EntryDraft
from index.storage.db.suggestions import Suggestion
from tests.unit.bot.samples import differences, filled

Text = Callable[[int], str]


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
