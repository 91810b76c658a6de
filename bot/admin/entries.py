"""Change entries: save a form, remove an entry, add an alias or a search phrase."""

from dataclasses import replace

from bot.admin.drafts import draft_key, keep_draft
from bot.admin.editing_service import EditingService, for_admins, today, unchanged
from bot.identity import User
from bot.replies.base import Problem
from bot.replies.editing import Conflict, FieldDifference, RemovalPreview, Saved
from bot.working_copy import NO_ENTRY, WorkingCopy
from index.editing.plaintext import text_of
from index.editing.validation import (
    can_add_phrase,
    entry_from_draft,
    find_problems,
    normalize,
    search_keys,
)
from index.entry import LONGEST_PHRASE, MOST_PHRASES, passages_of
from index.entry_draft import EntryDraft, changed_fields, draft_of
from index.names import name_key
from index.progress import Progress, no_progress
from index.storage.db.edits import EditChange, OutdatedError
from index.text import one_line


class EntryWriter(EditingService):
    """Changes the entries of one index, for admins.

    When a method returns, its change is in the ledger and usually live. If another build runs for
    longer than `BUILD_TIMEOUT_S`, the change goes live with that build or a later one.
    """

    @for_admins(lambda fields, entry, **_: f"edit {entry}" if entry else f"add {fields.term}")
    def save(
        self,
        fields: EntryDraft,
        version: str,
        actor: User,
        progress: Progress = no_progress,
        entry: str = "",
    ) -> Saved | Conflict | Problem:
        """Save a form for the entry with the id `entry`, or for a new entry if that is empty.
        `version` is the entry version on which the form is based.

        If someone else has changed the entry, or a field is invalid, the input is kept as a draft.
        """
        fields = normalize(fields)
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.by_id(entry) if entry else NO_ENTRY
            fields = fields.completed_from(draft_of(found.last)) if found.last else fields
            problems = find_problems(fields, found.last, glossary.name_checker(entry))
            published = replace(fields, category=glossary.category(fields.category))
            ids = glossary.ids()
        if problems:
            keep_draft(self._store, draft_key(entry), fields, version, actor)
            return Problem.of_fields(problems)
        there = found.current
        if there and version == found.version and published == normalize(draft_of(there)):
            return unchanged(there)
        content = entry_from_draft(published, found.last, today(), ids)
        change: EditChange = "edited" if there else "restored" if found.last else "added"
        try:
            record = self.record(change, content, found, actor, expected=version)
        except OutdatedError:
            keep_draft(self._store, draft_key(entry), fields, version, actor)
            return self._conflict(content.id, published)
        self._store.ledger.drafts.drop(actor.id, draft_key(entry))
        return self.publish(record, there, actor, progress)

    @for_admins("remove {term}".format)
    def remove(
        self,
        term: str,
        actor: User,
        progress: Progress,
        *,
        yes: bool = False,
    ) -> RemovalPreview | Saved | Problem:
        """Remove an entry; without `yes`, only preview the removal."""
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.find(term)
            entry = found.required()
            if not yes:
                return RemovalPreview(
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
                    message="This is the last entry, and an index needs at least one.",
                    hint="Add another entry first.",
                )
        record = self.record("removed", entry, found, actor)
        return self.publish(record, entry, actor, progress)

    @for_admins("alias {new} = {term}".format)
    def alias(self, new: str, term: str, actor: User, progress: Progress) -> Saved | Problem:
        """Add an alias to the entry `term`."""
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.find(term)
            entry = found.required()
            names = normalize(replace(draft_of(entry), aliases=(*entry.aliases, new)))
            if len(names.aliases) == len(normalize(draft_of(entry)).aliases):
                return unchanged(entry)
            problems = find_problems(names, entry, glossary.name_checker(entry.id))
        own = [problem for problem in problems if problem.field == "aliases"]
        if own:
            return Problem.of_fields(own)
        content = replace(entry, aliases=names.aliases, updated=today())
        record = self.record("alias", content, found, actor)
        return self.publish(record, entry, actor, progress)

    @for_admins("phrase {term} = {question}".format)
    def phrase(self, term: str, question: str, actor: User, progress: Progress) -> Saved | Problem:
        """Add a question to the search phrases of the entry `term`."""
        phrase = one_line(question)
        if not term or not any(character.isalnum() for character in phrase):
            return Problem(
                code="usage",
                message="A search phrase needs the term of an entry and a question.",
                hint="/near-admin phrase TERM = QUESTION",
            )
        if len(phrase) > LONGEST_PHRASE:
            return Problem(
                code="too_long",
                message=f"The question has {len(phrase):,} characters; a search phrase has at most "
                f"{LONGEST_PHRASE}.",
                hint="Shorten the question.",
            )
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.find(term)
        entry = found.required()
        if name_key(phrase) in search_keys(entry):
            return unchanged(entry)
        if not can_add_phrase(entry, found.imported):
            return Problem(
                code="too_many",
                message=f"{entry.term} already has {MOST_PHRASES} search phrases from admins; "
                "nothing was changed.",
                hint=f"To undo the last change: /near-admin undo {entry.term}",
            )
        content = replace(entry, search_phrases=(*entry.search_phrases, phrase))
        record = self.record("phrase", content, found, actor)
        return self.publish(record, entry, actor, progress)

    def _conflict(self, entry: str, yours: EntryDraft) -> Conflict:
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.by_id(entry)
        changes = self._store.ledger.edits.history(entry)
        last = changes[-1] if changes and changes[-1].version == found.version else None
        theirs = draft_of(found.current) if found.current else EntryDraft()
        return Conflict(
            entry=entry,
            term=theirs.term or yours.term,
            by=last.by if last else "",
            at=last.at if last else None,
            version=found.version,
            removed=found.current is None,
            theirs=theirs,
            yours=yours,
            differences=tuple(
                FieldDifference(name, text_of(theirs, name), text_of(yours, name))
                for name in changed_fields(theirs, yours)
            ),
        )
