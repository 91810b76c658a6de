"""The history of entries: list, undo and restore changes."""

from dataclasses import replace

from bot.admin.editing_service import EditingService, fields_changed, for_admins, unchanged
from bot.identity import User
from bot.replies.base import Problem
from bot.replies.editing import Change, History, Saved
from bot.working_copy import EntryState, WorkingCopy
from index.entry import Entry
from index.progress import Progress
from index.storage.db.edit import text_version, version_of
from index.storage.db.edits import EditChange, EditRecord
from index.storage.db.way_ledger import CHECK


class EntryHistory(EditingService):
    """Lists, undoes and restores changes to the entries of one index, for admins."""

    @for_admins("history {term}".format)
    def changes(self, term: str, actor: User) -> History:  # noqa: ARG002  # used by the decorator
        """Return the changes to an entry, newest first."""
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.find(term)
        edit, last = found.edit, found.last
        assert last is not None  # noqa: S101  # a named entry has content
        changes = []
        before: Entry | None = None
        for record in self._store.ledger.edits.history(last.id):
            changes.append(_change(record, before or found.imported))
            before = record.content
        state = edit.state if edit else "imported"
        edited = edit if edit and state == "written" and not found.is_written else None
        given = edited.imported if edited else None
        follows = edited is not None and edited.added_phrases
        return History(
            entry=last.id,
            term=last.term,
            source=last.source,
            state="edited" if edited else state,
            outdated=bool(
                edited
                and not follows
                and edited.base
                and given
                and version_of(given) != edited.base
            ),
            gone=edited is not None and given is None and not follows,
            changes=tuple(reversed(changes)),
        )

    @for_admins("undo {term}".format)
    def undo(
        self,
        term: str,
        actor: User,
        progress: Progress,
        *,
        only: int = 0,
    ) -> Saved | Problem:
        """Undo the last change to the entry `term`, or without `term` the user's own last change.

        The user's own change is not undone if someone else has changed the entry since. If `only`
        is not 0, the last change is undone only if `only` is its number. Ways to ask that a check
        returned to the proposed ones because of the change are accepted again.
        """
        if term:
            with WorkingCopy.read(self._store) as glossary:
                entry = glossary.find(term).id
        else:
            mine = self._store.ledger.edits.last_by(actor.label)
            if mine is None:
                return Problem(
                    code="nothing_to_undo",
                    message="You have not changed any entry.",
                    hint="To undo the last change to an entry: /near-admin undo TERM",
                )
            entry = mine.entry
        changes = self._store.ledger.edits.history(entry)
        if not changes:
            return Problem(code="nothing_to_undo", message=f"{term} has no changes to undo.")
        changes = _to_undo(changes)
        last = changes[-1]
        if (only and last.id != only) or (not term and last.by != actor.label):
            return Problem(
                code="outdated",
                message=f"{last.by} has changed {last.content.term} since then.",
                hint=f"To undo that change: /near-admin undo {last.content.term}",
            )
        before = changes[-2] if len(changes) > 1 else None
        return self._restore_state(entry, before, last, actor, progress)

    @for_admins("history {term} restore={number}".format)
    def restore(self, term: str, number: int, actor: User, progress: Progress) -> Saved | Problem:
        """Restore an entry to its state after the change with the given number, or to the text of
        its source if that is 0."""
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.find(term)
        if number == 0:
            return self._put_back(found, actor, progress)
        changes = self._store.ledger.edits.history(found.id)
        wanted = next((record for record in changes if record.id == number), None)
        if wanted is None:
            return Problem(
                code="not_found",
                message=f"{term} has no change number {number}.",
                hint=f"List its changes with: /near-admin history {term}",
            )
        return self._restore_state(found.id, wanted, wanted, actor, progress)

    def _put_back(self, found: EntryState, actor: User, progress: Progress) -> Saved | Problem:
        edit = found.edit
        if edit is None or edit.state == "imported":
            what = "was written in Nearsay" if found.is_written else "matches its source"
            return Problem(code="unchanged", message=f"{found.term} {what}.")
        if edit.imported is None:
            return _no_source(found)
        record = self.record("put back", edit.imported, found, actor)
        return self.publish(record, found.current, actor, progress)

    def _restore_state(
        self,
        entry: str,
        to: EditRecord | None,
        last: EditRecord,
        actor: User,
        progress: Progress,
    ) -> Saved | Problem:
        """Restore an entry to its state after the change `to`, or before all changes if `to` is
        None. If that removes the entry, the content of the change `last` is recorded with the
        removal."""
        with WorkingCopy.read(self._store) as glossary:
            found = glossary.by_id(entry)
        imported = found.imported
        change: EditChange = "removed"
        content = last.content
        if to is not None and to.state != "imported":
            change = "removed" if to.state == "removed" else "restored"
            content = to.content
        elif imported is not None:
            change, content = "put back", imported
        elif to is not None or last.state == "removed":  # the entry is no longer in its source
            change, content = "restored", (to or last).content
        elif not found.is_written:
            return _no_source(found)
        wanted = "" if change == "removed" else version_of(content)
        if wanted == found.version:
            return unchanged(content)
        record = self.record(change, content, found, actor)
        return self.publish(record, found.current, actor, progress)


def _to_undo(changes: list[EditRecord]) -> list[EditRecord]:
    """Return the changes of an entry as those that are undone one by one.

    A check that returned ways to ask belongs to the change of the text before it. If the text
    changed in the source, undoing the check brings back the ways alone.
    """
    *others, last = changes
    if last.by != CHECK or not others:
        return changes
    before = others[-1]
    if text_version(before.content) == text_version(last.content):
        return others
    phrases = dict.fromkeys((*last.content.search_phrases, *before.content.search_phrases))
    content = replace(last.content, search_phrases=tuple(phrases))
    return [*others[:-1], replace(before, content=content), last]


def _no_source(found: EntryState) -> Problem:
    what = "was written in Nearsay" if found.is_written else "is no longer in its source"
    return Problem(
        code="no_source",
        message=f"{found.term} {what}, so there is no source text to restore.",
        hint=f"List its changes with: /near-admin history {found.term}",
    )


def _change(record: EditRecord, before: Entry | None) -> Change:
    after = None if record.state == "removed" else record.content
    return Change(
        number=record.id,
        change=record.change,
        at=record.at,
        by=record.by,
        fields=fields_changed(before, after),
        term=record.content.term,
        definition=after.definition if after else "",
    )
