"""What is written in forms, at its worst."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
from bot.slack.modals import View
from index.editing.fields import NAMES, Fields
from index.editing.results import Duplicate, Preview
from index.entry import Question, Related
from index.space.results import Mention
from index.store.ledger.suggestions import Suggestion
from tests.bot.slack import dangers
from tests.workspace.blockkit_rules import MESSAGE_TEXT, check_view
from tests.workspace.model import elements_in, texts_in

Text = Callable[[int], str]

# What a form may have beside what all messages and modals may.
INPUTS = ("input", "plain_text_input", "static_select", "checkboxes", "divider")


def written(text: Text, **changes: Any) -> Fields:
    given: dict[str, Any] = {
        "term": text(120),
        "aliases": tuple(f"{at}{text(100)}" for at in range(100)),
        "category": text(120),
        "definition": text(20_000),
        "example": text(20_000),
        "related": tuple(Related(f"{at}{text(100)}", text(5_000)) for at in range(100)),
        "questions": tuple(Question(f"{at}{text(400)}", text(20_000)) for at in range(100)),
    }
    return Fields(**given | changes)


def usual(text: Text) -> Fields:
    """Fields that fit into a form."""
    return written(
        text,
        aliases=(text(100),),
        definition=text(1_000),
        example=text(1_000),
        related=(Related(text(100), text(300)),),
        questions=tuple(Question(f"{at}{text(300)}", text(1_500)) for at in range(4)),
    )


def preview(text: Text, count: int = 20) -> Preview:
    found = tuple(Mention(f"entry-{at}", text(120), text(120), 0.5) for at in range(count))
    reasons = ("meaning", "name")
    return Preview(
        generation="g000001",
        model=text(120),
        term=text(120),
        neighbourhood=text(300),
        nearest=found,
        duplicates=tuple(
            Duplicate(f"entry-{at}", text(120), text(120), 0.93, reasons[at % 2])  # type: ignore[arg-type]
            for at in range(count)
        ),
        mentioned=found,
        missing=tuple(text(300) for _ in range(count)),
    )


def conflict(text: Text, *, removed: bool = False) -> Conflict:
    return Conflict(
        entry="entry-1",
        term=text(120),
        by=text(300),
        at=datetime.now(UTC) - timedelta(minutes=5),
        version="0" * 64,
        removed=removed,
        theirs=written(text),
        yours=written(text),
        differences=tuple(Difference(name, text(20_000), text(20_000)) for name in NAMES),
    )


def suggestion(text: Text, **changes: Any) -> Suggestion:
    given: dict[str, Any] = {
        "id": "0123abcd",
        "fields": written(text),
        "person": "U012ABCDEF",
        "name": text(300),
        "at": datetime.now(UTC),
        "reviewer": text(300),
        "note": text(500),
    }
    return Suggestion(**given | changes)


def replies(text: Text) -> dict[str, EditingReply]:
    """What is told of entries that people write."""
    now = datetime.now(UTC)
    stamp: dict[str, Any] = {"generation": "g000001", "model": text(120)}
    changes = tuple(
        Change(at, "edited", now, text(300), NAMES, text(120), text(20_000)) for at in range(1, 200)
    )
    found = preview(text).nearest
    made = suggestion(text)
    return {
        "saved": Saved(
            entry="e" * 140,
            term=text(120),
            change="edited",
            fields=NAMES,
            number=999_999_999,
            live=True,
            seconds=1.5,
            **stamp,
        ),
        "removal": Removal(
            entry="e" * 140,
            term=text(120),
            definition=text(20_000),
            source=text(120),
            passages=12,
            referring=found,
            **stamp,
        ),
        "history": History(
            entry="e" * 140,
            term=text(120),
            source=text(120),
            state="edited",
            outdated=True,
            changes=changes,
            **stamp,
        ),
        "reviews": Reviews(suggestions=(made,) * 20, waiting=500, **stamp),
        "review": Review(suggestion=made, digest=text(32), preview=preview(text), **stamp),
        "suggested": Suggested(id="0123abcd", term=text(120), waiting=3, **stamp),
        "declined": Declined(id="0123abcd", term=text(120), note=text(500), **stamp),
        "conflict": conflict(text),
        "preview": preview(text),
        "form": Form(
            entry="e" * 140,
            version="0" * 64,
            fields=written(text),
            source=text(120),
            edited=True,
            draft=Unsaved(written(text), now),
            **stamp,
        ),
    }


def fits(view: View) -> None:
    """Asserts all that Slack asks of a modal, and that nothing is live but what is filled in."""
    assert list(check_view(view)) == []
    assert sum(map(len, texts_in(view["blocks"]))) <= MESSAGE_TEXT + 5 * 3_000
    assert len(view.get("private_metadata", "")) <= 3_000
    for block in view["blocks"]:
        ids = [element["action_id"] for element in elements_in([block])]
        assert len(ids) == len(set(ids))
    assert [fault for fault in dangers(view) if not fault.startswith("element ")] == []
    kinds = [fault for fault in dangers(view) if fault.startswith("element ")]
    assert all(any(f"'{name}'" in fault for name in INPUTS) for fault in kinds)
