"""Writing entries: forms, saving, going back, and what others suggest.

Every method that only admins may use says so to others, and is noted in the audit log. None
raises a `NearsayError`: what is known to go wrong is a `Problem`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from bot.actors import Actor
from bot.admin.auditing import Auditing
from bot.admin.changes import Changes, Written, today, unfit
from bot.admin.editing_replies import (
    Conflict,
    Declined,
    Form,
    History,
    Removal,
    Review,
    Reviews,
    Saved,
    Suggested,
    Unsaved,
)
from bot.admin.glossary import Glossary
from bot.admin.suggesting import Suggesting, too_long
from bot.indexing import Indexer
from bot.replies import Problem, Reply
from index.editing.checks import entry_of, normal, problems_of
from index.editing.fields import Fields, digest_of, fields_of
from index.editing.preview import preview
from index.editing.results import Preview
from index.errors import NearsayError
from index.filling import Progress
from index.store.ledger.drafts import Draft

ADD, SUGGEST = "add", "suggest"  # forms of which drafts are kept, beside those of entries

Answer = TypeVar("Answer", bound=Reply)


class Editing:
    """Writes the entries of one index. Threads may share it."""

    def __init__(self, indexer: Indexer, auditing: Auditing) -> None:
        self._indexer = indexer
        self._auditing = auditing
        self._store = indexer.store
        self._changes = Changes(indexer)
        self._suggesting = Suggesting(indexer.store, self._changes)

    def tell_of_suggestions(self, tell: Callable[[str], None]) -> None:
        """From now on `tell` is given the id of each suggestion that is made here."""
        self._suggesting.tell = tell

    # Forms

    def form(self, term: str, actor: Actor) -> Form | Problem:
        """The form of the entry that has the name or id `term`, with the draft that the actor has
        of it."""
        return self._for_admins(actor, f"edit {term}", lambda: self._form(term, actor))

    def blank(self, term: str, actor: Actor) -> Form | Problem:
        """The form of a new entry; a `Problem` where there is one of that name."""
        return self._for_admins(actor, f"add {term}", lambda: self._blank(term, actor, ADD))

    def blank_suggestion(self, term: str, actor: Actor) -> Form | Problem:
        """The form of a suggestion, for everybody; a `Problem` where there is such an entry."""
        return self._for_all(lambda: self._blank(term, actor, SUGGEST))

    def preview(
        self, fields: Fields, entry: str = "", *, suggested: bool = False
    ) -> Preview | Problem:
        """Where the entry of a form will land and what it is like, or what is wrong with its
        fields; `entry` is the id of the one that is edited, and what is `suggested` has bounds of
        its own. Nothing is changed, and everybody may ask."""
        problems = too_long(fields) if suggested else ()
        return self._for_all(
            lambda: unfit(problems) if problems else self._preview(normal(fields), entry)
        )

    def keep_draft(self, what: str, fields: Fields, version: str, actor: Actor) -> None:
        """Keeps what was typed into the form `what` (see `draft_key`) for a week. Raises
        `LedgerError`."""
        draft = Draft(what, fields, version, datetime.now(UTC))
        self._store.ledger.drafts.keep(actor.id, draft)

    def draft(self, what: str, actor: Actor) -> Draft | None:
        """What the actor typed into a form and did not save. Raises `LedgerError`."""
        return self._store.ledger.drafts.get(actor.id, what)

    def drop_draft(self, what: str, actor: Actor) -> None:
        """Raises `LedgerError`."""
        self._store.ledger.drafts.drop(actor.id, what)

    # Changes

    def save(
        self,
        fields: Fields,
        version: str,
        actor: Actor,
        progress: Progress = lambda *_: None,
        entry: str = "",
    ) -> Saved | Conflict | Problem:
        """Saves a form: of the entry with the id `entry`, or of a new one without. `version` is
        the form's. Where somebody else has changed the entry, that is told instead, and where a
        field is not right, what is wrong with it; then what was typed is kept as a draft.

        The change is in the ledger when this returns, and in the index too unless somebody else
        was building for long (see `changes.PATIENCE`): then it goes live with a reindex after that.
        """
        action = f"{'edit' if entry else 'add'} {entry or fields.term}"
        do = lambda: self._save(fields, version, actor, progress, entry)  # noqa: E731
        return self._for_admins(actor, action, do)

    def remove(
        self,
        term: str,
        actor: Actor,
        progress: Progress = lambda *_: None,
        *,
        yes: bool = False,
    ) -> Removal | Saved | Problem:
        """Removes an entry, or without `yes` says what would go."""
        do = lambda: self._changes.remove(term, actor, progress, yes=yes)  # noqa: E731
        return self._for_admins(actor, f"remove {term}", do)

    def alias(
        self, new: str, term: str, actor: Actor, progress: Progress = lambda *_: None
    ) -> Saved | Problem:
        """Gives the entry `term` another name."""
        do = lambda: self._changes.alias(new, term, actor, progress)  # noqa: E731
        return self._for_admins(actor, f"alias {new} = {term}", do)

    def phrase(
        self, term: str, question: str, actor: Actor, progress: Progress = lambda *_: None
    ) -> Saved | Problem:
        """Makes a question a search phrase of the entry `term`."""
        do = lambda: self._changes.phrase(term, question, actor, progress)  # noqa: E731
        return self._for_admins(actor, f"phrase {term} = {question}", do)

    def undo(
        self,
        term: str,
        actor: Actor,
        progress: Progress = lambda *_: None,
        *,
        only: int = 0,
    ) -> Saved | Problem:
        """Takes back the last change of the entry `term`, or without it the last one of the
        actor's own, unless somebody has changed the entry since. With `only`, the number of a
        change, that is done only while it is the last one."""
        action = f"undo {term}".strip()
        return self._for_admins(
            actor, action, lambda: self._changes.undo(term, actor, progress, only)
        )

    def history(self, term: str, actor: Actor) -> History | Problem:
        """What people changed in an entry."""
        return self._for_admins(actor, f"history {term}", lambda: self._changes.history(term))

    def restore(
        self, term: str, number: int, actor: Actor, progress: Progress = lambda *_: None
    ) -> Saved | Problem:
        """Makes an entry what it was after the change of that number."""
        do = lambda: self._changes.restore(term, number, actor, progress)  # noqa: E731
        return self._for_admins(actor, f"history {term} restore={number}", do)

    def put_back(
        self, term: str, actor: Actor, progress: Progress = lambda *_: None
    ) -> Saved | Problem:
        """Makes an entry what its source gives."""
        do = lambda: self._changes.put_back(term, actor, progress)  # noqa: E731
        return self._for_admins(actor, f"put-back {term}", do)

    # Suggestions

    def suggest(self, fields: Fields, actor: Actor) -> Suggested | Problem:
        """Puts an entry before the glossary's owners; everybody may."""
        return self._for_all(lambda: self._suggest(normal(fields), actor))

    def suggestions(self, actor: Actor) -> Reviews | Problem:
        """What waits for a decision."""
        return self._for_admins(actor, "suggestions", self._suggesting.suggestions)

    def review(self, suggestion: str, actor: Actor) -> Review | Problem:
        """A suggestion, and what it would be like."""
        return self._for_admins(
            actor, f"suggestion {suggestion}", lambda: self.reviewed(suggestion)
        )

    def reviewed(self, suggestion: str) -> Review:
        """A suggestion as it is put before the owners. Raises `NotFound`."""
        found = self._store.ledger.suggestions.get(suggestion)
        if found.state == "open":
            found = replace(found, fields=self.published(found.fields))
        seen = self.preview(found.fields)
        return self._stamped(
            Review(
                suggestion=found,
                digest=digest_of(found.fields),
                preview=seen if isinstance(seen, Preview) else None,
            )
        )

    def published(self, fields: Fields) -> Fields:
        """What approving publishes of fields. Raises `NearsayError`."""
        return self._suggesting.published(fields)

    def posted(self, suggestion: str, channel: str, ts: str) -> None:
        """Notes which message asks for a review. Raises `LedgerError`."""
        self._store.ledger.suggestions.posted(suggestion, channel, ts)

    def approve(
        self,
        suggestion: str,
        digest: str,
        actor: Actor,
        progress: Progress = lambda *_: None,
        fields: Fields | None = None,
    ) -> Saved | Problem:
        """Makes a suggestion an entry, with other `fields` where the admin has edited it. `digest`
        is that of the fields that the admin was shown: nothing else is published."""
        do = lambda: self._suggesting.approve(suggestion, digest, actor, progress, fields)  # noqa: E731
        return self._for_admins(actor, f"approve {suggestion}", do)

    def decline(self, suggestion: str, note: str, actor: Actor) -> Declined | Problem:
        """Declines a suggestion, with a reason or none."""
        do = lambda: self._suggesting.decline(suggestion, note, actor)  # noqa: E731
        return self._for_admins(actor, f"decline {suggestion}", do)

    # What they do

    def _for_admins(self, actor: Actor, action: str, do: Callable[[], Answer]) -> Answer | Problem:
        if not actor.admin:
            return self._stamped(self._auditing.refused(actor, action))
        return self._for_all(lambda: self._auditing.audited(actor, action, do))

    def _for_all(self, do: Callable[[], Answer]) -> Answer | Problem:
        try:
            return self._stamped(do())
        except NearsayError as error:
            return self._stamped(Problem.of(error))

    def _stamped(self, reply: Answer) -> Answer:
        """A reply with the generation that is current, and the model."""
        if reply.generation is not None:
            return reply
        try:
            current = self._store.ledger.generations.pointer().generation
        except NearsayError:
            current = None
        model = self._indexer.embedder.name
        return cast(Answer, replace(cast(Any, reply), generation=current, model=model))

    def _form(self, term: str, actor: Actor) -> Form:
        with Glossary.read(self._store) as glossary:
            found = glossary.named(term)
        entry = found.required()
        return Form(
            entry=entry.id,
            version=found.version,
            fields=fields_of(entry),
            source=entry.source,
            edited=found.edit is not None and bool(found.edit.base),
            draft=self._unsaved(draft_key(entry.id), actor),
        )

    def _blank(self, term: str, actor: Actor, what: str) -> Form | Problem:
        fields = normal(Fields(term=term))
        with Glossary.read(self._store) as glossary:
            other = glossary.taken(fields.term) if fields.term else None
        if other:
            return Problem(
                code="exists",
                message=f'There is an entry "{other}" of that name already.',
                hint=f"Change it with: edit {other}" if what == ADD else f"See it: define {other}",
            )
        return Form(
            entry="",
            version="",
            fields=fields,
            source="",
            edited=False,
            draft=self._unsaved(draft_key("", what), actor),
        )

    def _unsaved(self, what: str, actor: Actor) -> Unsaved | None:
        draft = self._store.ledger.drafts.get(actor.id, what)
        return Unsaved(draft.fields, draft.at) if draft else None

    def _save(
        self, fields: Fields, version: str, actor: Actor, progress: Progress, entry: str
    ) -> Saved | Conflict | Problem:
        fields, what = normal(fields), draft_key(entry)
        done = self._changes.write(fields, version, actor, entry)
        if isinstance(done, Written):
            self.drop_draft(what, actor)
            return self._changes.live(done, actor, progress)
        if isinstance(done, Conflict) or done.fields:
            self.keep_draft(what, fields, version, actor)
        return done

    def _suggest(self, fields: Fields, actor: Actor) -> Suggested | Problem:
        what = draft_key("", SUGGEST)
        done = self._suggesting.suggest(fields, actor)
        if isinstance(done, Suggested):
            self.drop_draft(what, actor)
        elif done.fields:
            self.keep_draft(what, fields, "", actor)
        return done

    def _preview(self, fields: Fields, entry: str) -> Preview | Problem:
        with Glossary.read(self._store) as glossary:
            before = glossary.of_id(entry).last if entry else None
            problems = problems_of(fields, before, glossary.others(entry))
            if problems:
                return unfit(problems)
            return preview(
                glossary.generation,
                self._indexer.embedder,
                entry_of(fields, before, today(), glossary.ids()),
            )


def draft_key(entry: str, what: str = ADD) -> str:
    """What drafts of a form are kept under: of the entry with that id, or of a new one (`what` is
    then `ADD` or `SUGGEST`)."""
    return f"edit {entry}" if entry else what
