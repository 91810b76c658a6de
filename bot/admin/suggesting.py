"""What people suggest for the glossary, and what its owners decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.actors import Actor
from bot.admin.changes import Changes, Written, today, unfit
from bot.admin.editing_phrases import LABELS
from bot.admin.editing_replies import Declined, Reviews, Saved, Suggested
from bot.admin.glossary import Glossary
from bot.replies import Problem
from index.editing.checks import entry_of, problems_of, readable
from index.editing.fields import FieldName, Fields, digest_of
from index.editing.forms import text_of
from index.editing.results import FieldProblem
from index.filling import Progress
from index.store import Store
from index.store.ledger.suggestions import DecidedError, Suggestion

MOST_OF_ONE, MOST_IN_ALL = 20, 500  # suggestions that wait
# Characters of each field, together few enough for one message in Slack.
LONGEST: dict[FieldName, int] = {
    "term": 120,
    "aliases": 500,
    "category": 120,
    "definition": 2_000,
    "example": 1_500,
    "related": 1_500,
    "questions": 3_000,
}


class Suggesting:
    """The suggestions for one index. Threads may share it. Every method raises `NearsayError`
    where it cannot do what is asked; `tell` is given the id of each suggestion that is made."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes
        self.tell: Callable[[str], None] = lambda _: None

    def suggest(self, fields: Fields, actor: Actor) -> Suggested | Problem:
        suggestions = self._store.ledger.suggestions
        with Glossary.read(self._store) as glossary:
            fields = _published(fields, glossary)
            problems = too_long(fields) or problems_of(fields, None, glossary.others(""))
        if problems:
            return unfit(problems)
        for other in suggestions.open(MOST_IN_ALL):
            if (other.person, other.fields) == (actor.id, fields):
                return self._suggested(other)
        if suggestions.waiting(actor.id) >= MOST_OF_ONE or suggestions.waiting() >= MOST_IN_ALL:
            return Problem(
                code="too_many",
                message="Too many suggestions wait for a decision already.",
                hint="Suggest it again when the glossary's owners have looked at them.",
            )
        made = suggestions.add(fields, actor.id, actor.name, datetime.now(UTC))
        self.tell(made.id)
        return self._suggested(made)

    def suggestions(self) -> Reviews:
        suggestions = self._store.ledger.suggestions
        return Reviews(
            suggestions=tuple(suggestions.open(MOST_OF_ONE)), waiting=suggestions.waiting()
        )

    def published(self, fields: Fields) -> Fields:
        """What approving publishes of fields."""
        with Glossary.read(self._store) as glossary:
            return _published(fields, glossary)

    def approve(
        self,
        suggestion: str,
        digest: str,
        actor: Actor,
        progress: Progress,
        fields: Fields | None,
    ) -> Saved | Problem:
        suggestions = self._store.ledger.suggestions
        waiting = suggestions.get(suggestion)
        if waiting.state != "open":
            raise DecidedError(
                f"{waiting.reviewer or 'Somebody'} has {waiting.state} it already.",
                "See what waits with: suggestions",
            )
        with Glossary.read(self._store) as glossary:
            fields = _published(fields or waiting.fields, glossary)
            if digest_of(fields) != digest:
                return Problem(
                    code="outdated",
                    message="The suggestion has changed since it was shown.",
                    hint=f"Review it again: approve {suggestion}",
                )
            problems = problems_of(fields, None, glossary.others(""))
            if problems:
                return unfit(problems)
            content = entry_of(fields, None, today(), glossary.ids())

        def decide(connection: Connection) -> None:
            suggestions.deciding(connection, suggestion, "approved", actor.words, entry=content.id)

        record = self._store.ledger.edits.put(
            "added", "written", content, by=actor.words, expected="", within=decide
        )
        done = self._changes.live(Written(record, None), actor, progress)
        return replace(done, suggestion=suggestion)

    def decline(self, suggestion: str, note: str, actor: Actor) -> Declined:
        done = self._store.ledger.suggestions.decide(suggestion, "declined", actor.words, note)
        return Declined(id=done.id, term=done.fields.term, note=done.note)

    def _suggested(self, made: Suggestion) -> Suggested:
        waiting = self._store.ledger.suggestions.waiting()
        return Suggested(id=made.id, term=made.fields.term, waiting=waiting)


def too_long(fields: Fields) -> tuple[FieldProblem, ...]:
    """The fields that are longer than a suggestion may have them."""
    lengths = {name: len(text_of(fields, name)) for name in LONGEST}
    return tuple(
        FieldProblem(
            name, f"{LABELS[name]}: {length:,} characters; a suggestion may have {LONGEST[name]:,}."
        )
        for name, length in lengths.items()
        if length > LONGEST[name]
    )


def _published(fields: Fields, glossary: Glossary) -> Fields:
    fields = readable(fields)
    return replace(fields, category=glossary.category(fields.category))
