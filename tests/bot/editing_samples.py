"""Replies about writing entries with the same text in every field that can hold one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.admin.editing_replies import (
    Change,
    Conflict,
    Declined,
    Difference,
    Form,
    History,
    Removal,
    Review,
    Reviews,
    Saved,
    Suggested,
    Unsaved,
)
from bot.replies import EditingReply
from index.editing.fields import NAMES, Fields
from index.editing.results import Duplicate, Preview
from index.entry import Question, Related
from index.space.results import Mention
from index.store.ledger.suggestions import Suggestion

KINDS = (
    "form",
    "preview",
    "saved",
    "conflict",
    "removal",
    "history",
    "suggested",
    "review",
    "suggestion",
    "declined suggestion",
)
MOMENT = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)


def fields(text: str) -> Fields:
    """A form that is full of `text`."""
    return Fields(
        text, (text, text), text, text, text, (Related(text, text),), (Question(text, text),)
    )


def suggestion(text: str) -> Suggestion:
    return Suggestion(
        id=text, fields=fields(text), person=text, name=text, at=MOMENT, reviewer=text, note=text
    )


def preview(text: str) -> Preview:
    return Preview(
        generation=text,
        model=text,
        term=text,
        neighbourhood=text,
        nearest=(Mention(text, text, text, 0.5),) * 5,
        duplicates=(Duplicate(text, text, text, 0.93),) * 2,
        mentioned=(Mention(text, text, text, None),) * 12,
        missing=(text, text),
    )


def editing_reply(kind: str, text: str) -> EditingReply:
    """A reply of one of `KINDS`."""
    of: dict[str, Any] = {"generation": text, "model": text}
    entry: dict[str, Any] = {**of, "entry": text, "term": text}
    match kind:
        case "form":
            return Form(
                **of,
                entry=text,
                version=text,
                fields=fields(text),
                source=text,
                edited=True,
                draft=Unsaved(fields(text), MOMENT),
            )
        case "preview":
            return preview(text)
        case "saved":
            return Saved(
                **entry,
                change="edited",
                fields=NAMES,
                number=12,
                live=False,
                seconds=0.6,
                trouble=text,
                suggestion=text,
            )
        case "conflict":
            return Conflict(
                **entry,
                by=text,
                at=MOMENT,
                version=text,
                removed=False,
                theirs=fields(text),
                yours=fields(text),
                differences=tuple(Difference(name, text, text) for name in NAMES),
            )
        case "removal":
            return Removal(
                **entry,
                definition=text,
                source=text,
                passages=3,
                referring=(Mention(text, text, text, None),) * 30,
            )
        case "history":
            change = Change(12, "edited", MOMENT, text, NAMES, text, text)
            return History(
                **entry, source=text, state="edited", outdated=True, changes=(change,) * 30
            )
        case "suggested":
            return Suggested(**of, id=text, term=text, waiting=3)
        case "review":
            return Reviews(**of, suggestions=(suggestion(text),) * 12, waiting=12)
        case "suggestion":
            return Review(**of, suggestion=suggestion(text), digest=text, preview=preview(text))
    return Declined(**of, id=text, term=text, note=text)
