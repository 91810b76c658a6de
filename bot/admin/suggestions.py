"""Entries that users suggest, and the owners' decisions on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.admin.audit import AuditTrail
from bot.admin.drafts import SUGGEST, EntryForms, keep_draft, too_long
from bot.admin.editing_service import EditingService, for_admins, for_everybody, today
from bot.admin.working_copy import NOT_THERE, WorkingCopy
from bot.identity import User
from bot.indexing import Indexer
from bot.replies.base import Problem
from bot.replies.editing import Declined, Review, Reviews, Saved, Suggested
from index.editing.draft_check import Preview
from index.editing.validation import entry_of, normalize, problems_of, readable
from index.entry_draft import EntryDraft, digest_of
from index.progress import Progress
from index.storage.db.suggestions import DecidedError, Suggestion, Suggestions

MOST_OF_ONE, MOST_IN_ALL = 20, 500  # undecided suggestions of one user, of all users


class SuggestionService(EditingService):
    """The suggestions for one index; `tell` is called with the id of each new one."""

    def __init__(self, indexer: Indexer, auditing: AuditTrail, forms: EntryForms) -> None:
        super().__init__(indexer, auditing)
        self._forms = forms
        self.tell: Callable[[str], None] = lambda _: None

    @property
    def _suggestions(self) -> Suggestions:
        return self._store.ledger.suggestions

    @for_everybody
    def suggest(self, fields: EntryDraft, actor: User) -> Suggested | Problem:
        """Submit an entry for review. If a field is invalid, the input is kept as a draft."""
        given = normalize(fields)
        with WorkingCopy.read(self._store) as glossary:
            fields = _published(given, glossary)
            problems = too_long(fields) or problems_of(fields, None, glossary.others(""))
        if problems:
            keep_draft(self._store, SUGGEST, given, "", actor)
            return Problem.of_fields(problems)
        made = self._store_suggestion(fields, actor)
        if made is None:
            return Problem(
                code="too_many",
                message="Too many suggestions wait for a decision already.",
                hint="Suggest it again when the glossary's owners have looked at them.",
            )
        self._store.ledger.drafts.drop(actor.id, SUGGEST)
        return Suggested(id=made.id, term=made.fields.term, waiting=self._suggestions.count_open())

    @for_admins("suggestions".format)
    def waiting(self, actor: User) -> Reviews:  # noqa: ARG002  # used by the decorator
        """Return the suggestions that wait for a decision."""
        first = self._suggestions.open(MOST_OF_ONE)
        return Reviews(suggestions=tuple(first), waiting=self._suggestions.count_open())

    @for_admins("suggestion {suggestion}".format)
    def review(self, suggestion: str, actor: User) -> Review:  # noqa: ARG002  # as above
        """Return a suggestion as it would be published, with its neighbours."""
        return self.reviewed(suggestion)

    def reviewed(self, suggestion: str) -> Review:
        """Return a suggestion for review, without a permission check. Raises `NotFound`."""
        found = self._suggestions.get(suggestion)
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

    def get(self, suggestion: str) -> Suggestion:
        """Return a suggestion as it was submitted. Raises `NotFound`."""
        return self._suggestions.get(suggestion)

    def published(self, fields: EntryDraft) -> EntryDraft:
        """Return `fields` as approving would publish them. Raises `NearsayError`."""
        with WorkingCopy.read(self._store) as glossary:
            return _published(fields, glossary)

    def posted(self, suggestion: str, channel: str, ts: str) -> None:
        """Record which Slack message asks for the review. Raises `LedgerError`."""
        self._suggestions.set_message(suggestion, channel, ts)

    @for_admins("approve {suggestion}".format)
    def approve(
        self,
        suggestion: str,
        digest: str,
        actor: User,
        progress: Progress = lambda *_: None,
        fields: EntryDraft | None = None,
    ) -> Saved | Problem:
        """Publish a suggestion as an entry, with `fields` if the admin edited it.

        `digest` is the digest of the fields that the admin saw; other fields are not published.
        """
        waiting = self._suggestions.get(suggestion)
        if waiting.state != "open":
            raise DecidedError(
                f"{waiting.reviewer or 'Somebody'} has {waiting.state} it already.",
                "See what waits with: suggestions",
            )
        with WorkingCopy.read(self._store) as glossary:
            fields = _published(fields or waiting.fields, glossary)
            if digest_of(fields) != digest:
                return Problem(
                    code="outdated",
                    message="The suggestion has changed since it was shown.",
                    hint=f"Review it again: approve {suggestion}",
                )
            problems = problems_of(fields, None, glossary.others(""))
            if problems:
                return Problem.of_fields(problems)
            content = entry_of(fields, None, today(), glossary.ids())

        def decide(connection: Connection) -> None:
            self._suggestions.decide_within(
                connection, suggestion, "approved", actor.words, entry=content.id
            )

        record = self.record("added", content, NOT_THERE, actor, within=decide)
        return replace(self.publish(record, None, actor, progress), suggestion=suggestion)

    @for_admins("decline {suggestion}".format)
    def decline(self, suggestion: str, note: str, actor: User) -> Declined:
        """Decline a suggestion, with an optional reason."""
        done = self._suggestions.decide(suggestion, "declined", actor.words, note)
        return Declined(id=done.id, term=done.fields.term, note=done.note)

    def _store_suggestion(self, fields: EntryDraft, actor: User) -> Suggestion | None:
        """Store a suggestion, or return the user's identical open one. Returns None when too many
        are open."""
        for other in self._suggestions.open(MOST_IN_ALL):
            if (other.person, other.fields) == (actor.id, fields):
                return other
        waiting = self._suggestions.count_open
        if waiting(actor.id) >= MOST_OF_ONE or waiting() >= MOST_IN_ALL:
            return None
        made = self._suggestions.add(fields, actor.id, actor.name, datetime.now(UTC))
        self.tell(made.id)
        return made


def _published(fields: EntryDraft, glossary: WorkingCopy) -> EntryDraft:
    fields = readable(fields)
    return replace(fields, category=glossary.category(fields.category))
