"""Changes of entries: each is kept in the ledger, and then built into the index."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.actors import Actor
from bot.admin.editing_replies import Change, Conflict, Difference, History, Removal, Saved
from bot.admin.glossary import Found, Glossary
from bot.indexing import Indexer, IndexRequest
from bot.replies import Problem
from index.editing.checks import entry_of, normal, problems_of
from index.editing.fields import FieldName, Fields, differing, fields_of
from index.editing.forms import text_of
from index.editing.results import FieldProblem
from index.entry import LONGEST_PHRASE, MOST_PHRASES, Entry, passages_of
from index.filling import Progress
from index.names import name_key
from index.reindex import Reindexed
from index.store.ledger.edits import (
    EditChange,
    EditRecord,
    EditState,
    OutdatedError,
    version_of,
)
from index.text import one_line

PATIENCE = 3.0  # seconds that a change waits for somebody else's reindex before it is left to it
PAUSE = 0.25  # seconds between two tries


@dataclass(frozen=True, slots=True)
class Written:
    """A change that is in the ledger, and the entry as it was; None where it was not there."""

    record: EditRecord
    before: Entry | None


class Changes:
    """Changes the entries of one index for people who may. Threads may share it.

    Every method raises `NearsayError` where it cannot do what is asked.
    """

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._store = indexer.store

    def write(
        self, fields: Fields, version: str, actor: Actor, entry: str = ""
    ) -> Written | Conflict | Problem:
        """Keeps a form whose fields are `normal`: of the entry with the id `entry`, or of a new
        one without; `version` is the form's."""
        with Glossary.read(self._store) as glossary:
            found = glossary.of_id(entry) if entry else Found(None, None)
            problems = problems_of(fields, found.last, glossary.others(entry))
            if problems:
                return unfit(problems)
            fields = replace(fields, category=glossary.category(fields.category))
            ids = glossary.ids()
        there = found.there
        if there and version == found.version and fields == normal(fields_of(there)):
            return _unchanged(there)
        content = entry_of(fields, found.last, today(), ids)
        change: EditChange = "edited" if there else "restored" if found.last else "added"
        try:
            record = self._put(change, "written", content, found, actor, expected=version)
        except OutdatedError:
            return self._conflict(content.id, fields)
        return Written(record, there)

    def live(self, written: Written, actor: Actor, progress: Progress) -> Saved:
        """Builds a generation with a change that is in the ledger, or leaves that to whoever
        builds just then."""
        record, before = written.record, written.before
        started = time.monotonic()
        trouble = ""
        while True:
            done = self._indexer.run(IndexRequest(edits=True, by=actor.words), progress)
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

    def remove(
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
        return self.live(Written(record, entry), actor, progress)

    def alias(self, new: str, term: str, actor: Actor, progress: Progress) -> Saved | Problem:
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
            return unfit(own)
        content = replace(entry, aliases=names.aliases, updated=today())
        record = self._put("alias", "written", content, found, actor, expected=found.version)
        return self.live(Written(record, entry), actor, progress)

    def phrase(self, term: str, question: str, actor: Actor, progress: Progress) -> Saved | Problem:
        phrase = one_line(question)
        if not term or not any(character.isalnum() for character in phrase):
            return Problem(
                code="usage",
                message="A search phrase needs the term of an entry, and the question.",
                hint="/near-admin phrase TERM = QUESTION",
            )
        if len(phrase) > LONGEST_PHRASE:
            return Problem(
                code="too_long",
                message=f"The question has {len(phrase):,} characters; a search phrase has at most "
                f"{LONGEST_PHRASE}.",
                hint="Say it shorter.",
            )
        with Glossary.read(self._store) as glossary:
            found = glossary.named(term)
            entry = found.required()
        if name_key(phrase) in found_by(entry):
            return _unchanged(entry)
        if not has_room(entry, found.imported):
            return Problem(
                code="too_many",
                message=f"{entry.term} has {MOST_PHRASES} search phrases from admins already; "
                "nothing was changed.",
                hint=f"To take the last one back: undo {entry.term}",
            )
        content = replace(entry, search_phrases=(*entry.search_phrases, phrase))
        record = self._put("phrase", "written", content, found, actor, expected=found.version)
        return self.live(Written(record, entry), actor, progress)

    def undo(self, term: str, actor: Actor, progress: Progress, only: int) -> Saved | Problem:
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

    def restore(self, term: str, number: int, actor: Actor, progress: Progress) -> Saved | Problem:
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

    def put_back(self, term: str, actor: Actor, progress: Progress) -> Saved | Problem:
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
        return self.live(Written(record, found.there), actor, progress)

    def history(self, term: str) -> History:
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
        return self.live(Written(record, found.there), actor, progress)

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


def unfit(problems: Sequence[FieldProblem]) -> Problem:
    """That fields are not right, and what is wrong with each."""
    return Problem(
        code="fields",
        message=" ".join(problem.message for problem in problems),
        hint="",
        fields=tuple(problems),
    )


def found_by(entry: Entry) -> set[str]:
    """What an entry can be found by word for word, by its key (see `name_key`): its names, its
    questions and its search phrases."""
    questions = (item.question for item in entry.faq)
    said = (entry.term, *entry.aliases, *questions, *entry.search_phrases)
    return set(map(name_key, said))


def has_room(entry: Entry, imported: Entry | None) -> bool:
    """Whether admins may add a search phrase to those that the source gives (`imported`)."""
    given = imported.search_phrases if imported else ()
    return len(set(entry.search_phrases) - set(given)) < MOST_PHRASES


def today() -> date:
    return datetime.now(UTC).date()


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


def _unchanged(entry: Entry) -> Problem:
    return Problem(
        code="unchanged",
        message=f"{entry.term} is like that already; nothing was changed.",
        hint="",
    )
