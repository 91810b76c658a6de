"""Writing entries: forms, saving, going back, and what others suggest.

Every method that only admins may use says so to others, and is noted in the audit log. None
raises a `NearsayError`: what is known to go wrong is a `Problem`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from bot.actors import Actor
from bot.admin.auditing import Auditing
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
from bot.admin.glossary import Found, Glossary
from bot.indexing import Indexer
from bot.replies import Problem, Reply
from index.editing.checks import entry_of, normal, problems_of
from index.editing.fields import FieldName, Fields, differing, fields_of
from index.editing.forms import text_of
from index.editing.preview import preview
from index.editing.results import FieldProblem, Preview
from index.entry import Entry, passages_of
from index.errors import NearsayError
from index.filling import Progress
from index.reindex import Reindexed
from index.store.ledger.drafts import Draft
from index.store.ledger.edits import (
    EditChange,
    EditRecord,
    EditState,
    OutdatedError,
    version_of,
)
from index.store.ledger.suggestions import DecidedError, Suggestion

PATIENCE = 3.0  # seconds that a change waits for somebody else's reindex before it is left to it
PAUSE = 0.25  # seconds between two tries
MOST_OF_ONE, MOST_IN_ALL = 20, 500  # suggestions that wait
ADD, SUGGEST = "add", "suggest"  # forms of which drafts are kept, beside those of entries

Answer = TypeVar("Answer", bound=Reply)


class Editing:
    """Writes the entries of one index. Threads may share it."""

    def __init__(self, indexer: Indexer, auditing: Auditing) -> None:
        self._indexer = indexer
        self._auditing = auditing
        self._store = indexer.store
        self._tell: Callable[[str], None] = lambda _: None

    def tell_of_suggestions(self, tell: Callable[[str], None]) -> None:
        """From now on `tell` is given the id of each suggestion that is made here."""
        self._tell = tell

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

    def preview(self, fields: Fields, entry: str = "") -> Preview | Problem:
        """Where the entry of a form will land and what it is like, or what is wrong with its
        fields; `entry` is the id of the one that is edited. Nothing is changed, and everybody may
        ask."""
        return self._for_all(lambda: self._preview(normal(fields), entry))

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
        was building for longer than `PATIENCE`: then it goes live with a reindex after that.
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
        do = lambda: self._remove(term, actor, progress, yes=yes)  # noqa: E731
        return self._for_admins(actor, f"remove {term}", do)

    def alias(
        self, new: str, term: str, actor: Actor, progress: Progress = lambda *_: None
    ) -> Saved | Problem:
        """Gives the entry `term` another name."""
        do = lambda: self._alias(new, term, actor, progress)  # noqa: E731
        return self._for_admins(actor, f"alias {new} = {term}", do)

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
        return self._for_admins(actor, action, lambda: self._undo(term, actor, progress, only))

    def history(self, term: str, actor: Actor) -> History | Problem:
        """What people changed in an entry."""
        return self._for_admins(actor, f"history {term}", lambda: self._history(term))

    def restore(
        self, term: str, number: int, actor: Actor, progress: Progress = lambda *_: None
    ) -> Saved | Problem:
        """Makes an entry what it was after the change of that number."""
        do = lambda: self._restore(term, number, actor, progress)  # noqa: E731
        return self._for_admins(actor, f"history {term} restore={number}", do)

    def put_back(
        self, term: str, actor: Actor, progress: Progress = lambda *_: None
    ) -> Saved | Problem:
        """Makes an entry what its source gives."""
        do = lambda: self._put_back(term, actor, progress)  # noqa: E731
        return self._for_admins(actor, f"put-back {term}", do)

    # Suggestions

    def suggest(self, fields: Fields, actor: Actor) -> Suggested | Problem:
        """Puts an entry before the glossary's owners; everybody may."""
        return self._for_all(lambda: self._suggest(normal(fields), actor))

    def suggestions(self, actor: Actor) -> Reviews | Problem:
        """What waits for a decision."""
        return self._for_admins(actor, "suggestions", self._suggestions)

    def review(self, suggestion: str, actor: Actor) -> Review | Problem:
        """A suggestion, and what it would be like."""
        return self._for_admins(
            actor, f"suggestion {suggestion}", lambda: self.reviewed(suggestion)
        )

    def reviewed(self, suggestion: str) -> Review:
        """A suggestion as it is put before the owners. Raises `NotFound`."""
        found = self._store.ledger.suggestions.get(suggestion)
        seen = self.preview(found.fields)
        return self._stamped(
            Review(suggestion=found, preview=seen if isinstance(seen, Preview) else None)
        )

    def posted(self, suggestion: str, channel: str, ts: str) -> None:
        """Notes which message asks for a review. Raises `LedgerError`."""
        self._store.ledger.suggestions.posted(suggestion, channel, ts)

    def approve(
        self,
        suggestion: str,
        actor: Actor,
        progress: Progress = lambda *_: None,
        fields: Fields | None = None,
    ) -> Saved | Problem:
        """Makes a suggestion an entry, with other `fields` where the admin has edited it."""
        do = lambda: self._approve(suggestion, actor, progress, fields)  # noqa: E731
        return self._for_admins(actor, f"approve {suggestion}", do)

    def decline(self, suggestion: str, note: str, actor: Actor) -> Declined | Problem:
        """Declines a suggestion, with a reason or none."""
        do = lambda: self._decline(suggestion, note, actor)  # noqa: E731
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

    def _preview(self, fields: Fields, entry: str) -> Preview | Problem:
        with Glossary.read(self._store) as glossary:
            before = glossary.of_id(entry).last if entry else None
            problems = problems_of(fields, before, glossary.others(entry))
            if problems:
                return _unfit(problems)
            return preview(
                glossary.generation,
                self._indexer.embedder,
                entry_of(fields, before, _today(), glossary.ids()),
            )

    def _save(
        self, fields: Fields, version: str, actor: Actor, progress: Progress, entry: str
    ) -> Saved | Conflict | Problem:
        fields = normal(fields)
        what = draft_key(entry)
        with Glossary.read(self._store) as glossary:
            found = glossary.of_id(entry) if entry else Found(None, None)
            problems = problems_of(fields, found.last, glossary.others(entry))
            if problems:
                self.keep_draft(what, fields, version, actor)
                return _unfit(problems)
            fields = replace(fields, category=glossary.category(fields.category))
            ids = glossary.ids()
        there = found.there
        if there and version == found.version and fields == normal(fields_of(there)):
            return _unchanged(there)
        content = entry_of(fields, found.last, _today(), ids)
        change: EditChange = "edited" if there else "restored" if found.last else "added"
        try:
            record = self._put(change, "written", content, found, actor, expected=version)
        except OutdatedError:
            self.keep_draft(what, fields, version, actor)
            return self._conflict(content.id, fields)
        self.drop_draft(what, actor)
        return self._live(record, there, actor, progress)

    def _conflict(self, entry: str, yours: Fields) -> Conflict:
        with Glossary.read(self._store) as glossary:
            found = glossary.of_id(entry)
        last = self._last(entry)
        known = last is not None and last.version == found.version
        theirs = fields_of(found.there) if found.there else Fields()
        return Conflict(
            entry=entry,
            term=theirs.term or yours.term,
            by=last.by if last and known else "",
            at=last.at if last and known else None,
            version=found.version,
            removed=found.there is None,
            theirs=theirs,
            yours=yours,
            differences=tuple(
                Difference(name, text_of(theirs, name), text_of(yours, name))
                for name in differing(theirs, yours)
            ),
        )

    def _remove(
        self, term: str, actor: Actor, progress: Progress, *, yes: bool
    ) -> Removal | Saved | Problem:
        with Glossary.read(self._store) as glossary:
            found = glossary.named(term)
            entry = found.required()
            if not yes:
                return Removal(
                    entry=entry.id,
                    term=entry.term,
                    definition=entry.definition,
                    source=entry.source,
                    passages=sum(1 for _ in passages_of(entry)),
                    referring=glossary.referring(entry.id),
                )
            if len(glossary.generation.entries) < 2:
                return Problem(
                    code="last_entry",
                    message="It is the last entry; an index has at least one.",
                    hint="Add another first.",
                )
        record = self._put("removed", "removed", entry, found, actor, expected=found.version)
        return self._live(record, entry, actor, progress)

    def _alias(self, new: str, term: str, actor: Actor, progress: Progress) -> Saved | Problem:
        if not new or not term:
            return Problem(
                code="usage",
                message="An alias is another name, and the term that it is a name of.",
                hint="/near-admin alias NEW = TERM",
            )
        with Glossary.read(self._store) as glossary:
            found = glossary.named(term)
            entry = found.required()
            names = normal(replace(fields_of(entry), aliases=(*entry.aliases, new)))
            if len(names.aliases) == len(normal(fields_of(entry)).aliases):
                return _unchanged(entry)
            problems = problems_of(names, entry, glossary.others(entry.id))
        own = tuple(problem for problem in problems if problem.field == "aliases")
        if own:
            return _unfit(own)
        content = replace(entry, aliases=names.aliases, updated=_today())
        record = self._put("alias", "written", content, found, actor, expected=found.version)
        return self._live(record, entry, actor, progress)

    def _undo(self, term: str, actor: Actor, progress: Progress, only: int) -> Saved | Problem:
        if term:
            with Glossary.read(self._store) as glossary:
                entry = glossary.named(term).id
        else:
            mine = self._store.ledger.edits.last_by(actor.words)
            if mine is None:
                return Problem(
                    code="nothing_to_undo",
                    message="You have changed nothing.",
                    hint="The last change of an entry is taken back with: undo TERM",
                )
            entry = mine.entry
        changes = self._store.ledger.edits.history(entry)
        if not changes:
            return Problem(
                code="nothing_to_undo", message=f"Nobody has changed {term} here.", hint=""
            )
        last = changes[-1]
        if (only and last.id != only) or (not term and last.by != actor.words):
            return Problem(
                code="outdated",
                message=f"{last.by} has changed {last.content.term} since.",
                hint=f"To take that back: undo {last.content.term}",
            )
        before = changes[-2] if len(changes) > 1 else None
        return self._returned(entry, before, last, actor, progress)

    def _restore(self, term: str, number: int, actor: Actor, progress: Progress) -> Saved | Problem:
        with Glossary.read(self._store) as glossary:
            entry = glossary.named(term).id
        changes = self._store.ledger.edits.history(entry)
        wanted = next((record for record in changes if record.id == number), None)
        if wanted is None:
            return Problem(
                code="not_found",
                message=f"{term} has no change number {number}.",
                hint=f"See those it has with: history {term}",
            )
        return self._returned(entry, wanted, wanted, actor, progress)

    def _returned(
        self,
        entry: str,
        to: EditRecord | None,
        last: EditRecord,
        actor: Actor,
        progress: Progress,
    ) -> Saved | Problem:
        """Makes an entry what it was after the change `to`, or, without, before anybody changed
        it; `last` is a change of it."""
        with Glossary.read(self._store) as glossary:
            found = glossary.of_id(entry)
        imported = found.imported
        change: EditChange = "restored"
        state: EditState = "removed"
        content = last.content
        if to is not None and to.state != "imported":
            state, content = to.state, to.content
        elif imported is not None:
            change, state, content = "put back", "imported", imported
        elif to is not None:  # its source gives it no more
            state, content = "written", to.content
        if state == "removed":
            change = "removed"
        wanted = "" if state == "removed" else version_of(content)
        if wanted == found.version:
            return _unchanged(content)
        record = self._put(change, state, content, found, actor, expected=found.version)
        return self._live(record, found.there, actor, progress)

    def _put_back(self, term: str, actor: Actor, progress: Progress) -> Saved | Problem:
        with Glossary.read(self._store) as glossary:
            found = glossary.named(term)
        edit = found.edit
        if edit is None or edit.state == "imported":
            what = "is as its source has it" if not found.is_written else "was written here"
            return Problem(code="unchanged", message=f"{found.term} {what}.", hint="")
        if edit.imported is None:
            what = "was written here" if found.is_written else "is not in its source any more"
            return Problem(
                code="no_source",
                message=f"{found.term} {what}, so there is nothing to put back.",
                hint=f"See what it was with: history {found.term}",
            )
        record = self._put(
            "put back", "imported", edit.imported, found, actor, expected=found.version
        )
        return self._live(record, found.there, actor, progress)

    def _history(self, term: str) -> History:
        with Glossary.read(self._store) as glossary:
            found = glossary.named(term)
        edit, last = found.edit, found.last
        assert last is not None  # noqa: S101  # what has a name was something
        changes = []
        before: Entry | None = None
        for record in self._store.ledger.edits.history(last.id):
            changes.append(_change(record, before or found.imported))
            before = record.content
        state = edit.state if edit else "imported"
        override = state == "written" and not found.is_written
        return History(
            entry=last.id,
            term=last.term,
            source=last.source,
            state="edited" if override else state,
            outdated=bool(
                override
                and edit
                and edit.base
                and (edit.imported is None or version_of(edit.imported) != edit.base)
            ),
            changes=tuple(reversed(changes)),
        )

    def _suggest(self, fields: Fields, actor: Actor) -> Suggested | Problem:
        suggestions = self._store.ledger.suggestions
        with Glossary.read(self._store) as glossary:
            problems = problems_of(fields, None, glossary.others(""))
        if problems:
            self.keep_draft(draft_key("", SUGGEST), fields, "", actor)
            return _unfit(problems)
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
        self.drop_draft(draft_key("", SUGGEST), actor)
        self._tell(made.id)
        return self._suggested(made)

    def _suggested(self, made: Suggestion) -> Suggested:
        waiting = self._store.ledger.suggestions.waiting()
        return Suggested(id=made.id, term=made.fields.term, waiting=waiting)

    def _suggestions(self) -> Reviews:
        suggestions = self._store.ledger.suggestions
        return Reviews(
            suggestions=tuple(suggestions.open(MOST_OF_ONE)), waiting=suggestions.waiting()
        )

    def _approve(
        self, suggestion: str, actor: Actor, progress: Progress, fields: Fields | None
    ) -> Saved | Problem:
        suggestions = self._store.ledger.suggestions
        waiting = suggestions.get(suggestion)
        if waiting.state != "open":
            raise DecidedError(
                f"{waiting.reviewer or 'Somebody'} has {waiting.state} it already.",
                "See what waits with: suggestions",
            )
        fields = normal(fields or waiting.fields)
        with Glossary.read(self._store) as glossary:
            problems = problems_of(fields, None, glossary.others(""))
            if problems:
                return _unfit(problems)
            fields = replace(fields, category=glossary.category(fields.category))
            content = entry_of(fields, None, _today(), glossary.ids())

        def decide(connection: Connection) -> None:
            suggestions.deciding(connection, suggestion, "approved", actor.words, entry=content.id)

        record = self._store.ledger.edits.put(
            "added", "written", content, by=actor.words, expected="", within=decide
        )
        done = self._live(record, None, actor, progress)
        return replace(done, suggestion=suggestion)

    def _decline(self, suggestion: str, note: str, actor: Actor) -> Declined:
        done = self._store.ledger.suggestions.decide(suggestion, "declined", actor.words, note)
        return Declined(id=done.id, term=done.fields.term, note=done.note)

    def _last(self, entry: str) -> EditRecord | None:
        changes = self._store.ledger.edits.history(entry)
        return changes[-1] if changes else None

    def _put(
        self,
        change: EditChange,
        state: EditState,
        content: Entry,
        found: Found,
        actor: Actor,
        *,
        expected: str,
    ) -> EditRecord:
        return self._store.ledger.edits.put(
            change,
            state,
            content,
            by=actor.words,
            expected=expected,
            imported=found.imported,
        )

    def _live(
        self, record: EditRecord, before: Entry | None, actor: Actor, progress: Progress
    ) -> Saved:
        """Builds a generation with a change that is in the ledger, or leaves that to whoever
        builds just then."""
        started = time.monotonic()
        trouble = ""
        while True:
            done = self._indexer.run(edits=True, by=actor.words, progress=progress)
            busy = isinstance(done, Problem) and done.code == "store_busy"
            if not busy or time.monotonic() - started > PATIENCE:
                break
            time.sleep(PAUSE)
        if isinstance(done, Problem) and not busy:
            trouble = done.message
        after = None if record.state == "removed" else record.content
        live = isinstance(done, Reindexed)
        return Saved(
            generation=done.generation if isinstance(done, Reindexed) else None,
            model=self._indexer.embedder.name,
            entry=record.entry,
            term=record.content.term,
            change=record.change,
            fields=_differing(before, after),
            number=record.id,
            live=live,
            seconds=round(time.monotonic() - started, 1),
            trouble=trouble,
        )


def draft_key(entry: str, what: str = ADD) -> str:
    """What drafts of a form are kept under: of the entry with that id, or of a new one (`what` is
    then `ADD` or `SUGGEST`)."""
    return f"edit {entry}" if entry else what


def _change(record: EditRecord, before: Entry | None) -> Change:
    after = None if record.state == "removed" else record.content
    return Change(
        number=record.id,
        change=record.change,
        at=record.at,
        by=record.by,
        fields=_differing(before, after),
        term=record.content.term,
        definition=after.definition if after else "",
    )


def _differing(before: Entry | None, after: Entry | None) -> tuple[FieldName, ...]:
    """The fields in which two states of an entry differ; none where one of them is not there."""
    if before is None or after is None:
        return ()
    return differing(fields_of(before), fields_of(after))


def _unfit(problems: Sequence[FieldProblem]) -> Problem:
    return Problem(
        code="fields",
        message=" ".join(problem.message for problem in problems),
        hint="",
        fields=tuple(problems),
    )


def _unchanged(entry: Entry) -> Problem:
    return Problem(
        code="unchanged",
        message=f"{entry.term} is like that already; nothing was changed.",
        hint="",
    )


def _today() -> date:
    return datetime.now(UTC).date()
