"""Entries that users suggest, and the owners' decisions on them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.admin.audit import AuditTrail
from bot.admin.drafts import EntryForms, too_long
from bot.admin.editing_service import EditingService, for_admins, for_everybody, today
from bot.identity import User
from bot.indexing import Indexer
from bot.replies.base import Problem
from bot.replies.editing import NewSuggestion, Review, Saved, SuggestionDeclined, SuggestionList
from bot.working_copy import NO_ENTRY, WorkingCopy
from index.editing.draft_check import Preview
from index.editing.validation import entry_from_draft, find_problems, remove_invisible
from index.entry_draft import EntryDraft, digest_of
from index.progress import Progress, no_progress
from index.storage.db.suggestions import AlreadyDecidedError, Suggestion, Suggestions

MAX_PER_USER, MAX_OPEN = 20, 500  # maximum undecided suggestions: per user, in total
LISTED = 20  # suggestions in one list


class SuggestionService(EditingService):
    """Handles suggestions for one index. `notify` is called with the id of each new suggestion, and
    `notify_withdrawn` with the suggestions that their author has deleted."""

    def __init__(self, indexer: Indexer, audit: AuditTrail, forms: EntryForms) -> None:
        super().__init__(indexer, audit)
        self._forms = forms
        self.notify: Callable[[str], None] = lambda _: None
        self.notify_withdrawn: Callable[[Sequence[Suggestion]], None] = lambda _: None

    @property
    def records(self) -> Suggestions:
        """The suggestions as submitted or, once approved, as published, with their states."""
        return self._store.ledger.suggestions

    @for_everybody
    def suggest(self, fields: EntryDraft, actor: User) -> NewSuggestion | Problem:
        """Submit an entry for review."""
        with WorkingCopy.read(self._store) as glossary:
            fields = _published(fields, glossary)
            problems = too_long(fields) or find_problems(fields, None, glossary.name_checker(""))
        if problems:
            return Problem.of_fields(problems)
        made = self._store_suggestion(fields, actor)
        if made is None:
            return Problem(
                code="too_many",
                message="Too many suggestions are already waiting for a decision.",
                hint="Suggest it again once the glossary's owners have reviewed some of them.",
            )
        return NewSuggestion(id=made.id, term=made.fields.term, waiting=self.records.count_open())

    @for_admins("suggestions".format)
    def waiting(self, actor: User) -> SuggestionList:  # noqa: ARG002  # used by the decorator
        """Return the oldest undecided suggestions, and the number of all undecided ones."""
        first = self.records.open(LISTED)
        return SuggestionList(suggestions=tuple(first), waiting=self.records.count_open())

    @for_admins("suggestion {suggestion}".format)
    def review(self, suggestion: str, actor: User) -> Review:  # noqa: ARG002  # as above
        """Return a suggestion as it would be published, with a preview of its entry."""
        return self.build_review(suggestion)

    def build_review(self, suggestion: str) -> Review:
        """Return a suggestion for review, without a permission check. Raises `NotFound`."""
        found = self.records.get(suggestion)
        if found.state == "open":
            found = replace(found, fields=self.published(found.fields))
        seen = self._forms.preview(found.fields)
        return Review(
            generation=seen.generation,
            model=seen.model,
            suggestion=found,
            digest=digest_of(found.fields),
            preview=seen if isinstance(seen, Preview) else None,
        )

    def published(self, fields: EntryDraft) -> EntryDraft:
        """Return `fields` as they would be published. Raises `NearsayError`."""
        with WorkingCopy.read(self._store) as glossary:
            return _published(fields, glossary)

    @for_admins("approve {suggestion}".format)
    def approve(
        self,
        suggestion: str,
        digest: str,
        actor: User,
        progress: Progress = no_progress,
        fields: EntryDraft | None = None,
    ) -> Saved | Problem:
        """Publish a suggestion as an entry. `fields`, if given, replace the suggested ones.

        `digest` identifies the version that the admin saw; no other version is published.
        """
        waiting = self.records.get(suggestion)
        if waiting.state != "open":
            raise AlreadyDecidedError(waiting)
        with WorkingCopy.read(self._store) as glossary:
            fields = _published(fields or waiting.fields, glossary)
            if digest_of(fields) != digest:
                return Problem(
                    code="outdated",
                    message="The suggestion has changed since it was shown.",
                    hint=f"Review it again: /near-admin approve {suggestion}",
                )
            problems = find_problems(fields, None, glossary.name_checker(""))
            if problems:
                return Problem.of_fields(problems)
            content = entry_from_draft(fields, None, today(), glossary.ids())

        def decide(connection: Connection) -> None:
            self.records.decide_within(
                connection, suggestion, "approved", actor.label, entry=content
            )

        record = self.record("added", content, NO_ENTRY, actor, within=decide)
        return replace(self.publish(record, None, actor, progress), suggestion=suggestion)

    @for_admins("decline {suggestion}".format)
    def decline(self, suggestion: str, note: str, actor: User) -> SuggestionDeclined:
        """Decline a suggestion, with an optional reason."""
        done = self.records.decline(suggestion, actor.label, note)
        return SuggestionDeclined(id=done.id, term=done.fields.term, note=done.note)

    def open_by(self, actor: User) -> list[Suggestion]:
        """Return a user's undecided suggestions, oldest first."""
        return [other for other in self.records.open(MAX_OPEN) if other.person == actor.id]

    def _store_suggestion(self, fields: EntryDraft, actor: User) -> Suggestion | None:
        """Store a suggestion, or return the user's open suggestion with the same content. Returns
        None if too many suggestions are open."""
        for other in self.open_by(actor):
            if other.fields == fields:
                return other
        waiting = self.records.count_open
        if waiting(actor.id) >= MAX_PER_USER or waiting() >= MAX_OPEN:
            return None
        made = self.records.add(fields, actor.id, actor.name, datetime.now(UTC))
        self.notify(made.id)
        return made


def _published(fields: EntryDraft, glossary: WorkingCopy) -> EntryDraft:
    fields = remove_invisible(fields)
    return replace(fields, category=glossary.category(fields.category), owner=None)
