"""Users' edits, which override the content of the sources, and the history of the edits."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from index.entry import Entry, unlinked
from index.entry_json import entry_from_json, entry_to_json
from index.errors import NearsayError
from index.storage.db.edit import Edit, EditState, text_version, version_of
from index.storage.db.generation_records import digest_of_content
from index.storage.db.part import LedgerPart, from_row
from index.storage.db.schema import edit_history, edits
from index.storage.db.way_ledger import WayProposals

EditChange = Literal[
    "added", "edited", "removed", "put back", "restored", "alias", "phrase", "set aside"
]

LAST = select(func.max(edit_history.c.id))  # number of the last edit

TransactionCallback = Callable[[Connection], None]
"""A callback that writes in the same transaction. An exception rolls back both writes."""


@dataclass(frozen=True, slots=True)
class EditRecord:
    """One edit of an entry. `entry` is the entry's id, `state` and `content` its new values."""

    id: int
    entry: str
    change: EditChange
    state: EditState
    content: Entry
    at: datetime
    by: str

    @property
    def version(self) -> str:
        """The version of the entry after the edit, or empty if the entry was removed."""
        return "" if self.state == "removed" else version_of(self.content)


@dataclass(frozen=True, slots=True)
class Overlay:
    """All current edits, and the number of the last edit, or 0."""

    edits: tuple[Edit, ...] = ()
    last: int = 0


class OutdatedError(NearsayError):
    """The entry has changed since the version on which the edit is based."""

    code = "outdated"


class Edits(LedgerPart):
    def overlay(self) -> Overlay:
        """Return all edits, ordered by entry id, with the number of the last one."""
        with self._database.reading() as connection:
            rows = connection.execute(select(edits).order_by(edits.c.entry)).mappings()
            found = tuple(map(_edit, rows))
            return Overlay(found, int(connection.execute(LAST).scalar() or 0))

    def last(self) -> int:
        """Return the number of the last edit, or 0."""
        return int(self._database.value(LAST) or 0)

    def get(self, entry: str) -> Edit | None:
        with self._database.reading() as connection:
            return _found(connection, entry)

    def put(
        self,
        change: EditChange,
        state: EditState,
        content: Entry,
        *,
        by: str,
        expected: str | None = None,
        imported: Entry | None = None,
        within: TransactionCallback = lambda _: None,
        delivery: str = "",
    ) -> EditRecord:
        """Set an entry to `state` and `content`, and return the edit. `imported` is the content in
        the source, for an entry without an edit. If `expected` is given, raises `OutdatedError`
        unless it is the version of the entry (empty if the entry does not exist). `within` runs in
        the same transaction. `delivery` is the id under which `of_delivery` finds the edit."""
        content = unlinked(content)
        with self._database.writing() as connection:
            self._database.lock_table(connection, edits)
            before = _found(connection, content.id)
            if expected is not None and expected != _version_there(before, imported):
                raise OutdatedError(f'"{content.term}" has been changed in the meantime.')
            source = before.imported if before else imported and unlinked(imported)
            base = before.base if before and not before.added_phrases else ""
            base = base or (version_of(source) if source else "")
            record = self._write(
                connection, change, state, content, source, base if state == "written" else "", by
            )
            if delivery:
                own = update(edit_history).where(edit_history.c.id == record.id)
                connection.execute(own.values(delivery=delivery))
            within(connection)
            _settle_ways(connection, record)
        return record

    def refresh(self, imported: Mapping[str, Entry | None]) -> None:
        """Store the new source content of edited entries, by entry id (see `Edit.rebased`)."""
        if imported:
            with self._database.writing() as connection:
                self.refresh_within(connection, imported)

    def refresh_within(self, connection: Connection, imported: Mapping[str, Entry | None]) -> None:
        """Do the same as `refresh` in the caller's transaction."""
        if imported:
            self._database.lock_table(connection, edits)
        for entry_id, entry in imported.items():
            if edit := _found(connection, entry_id):
                edit = edit.rebased(unlinked(entry) if entry else None)
                row = {
                    "content": entry_to_json(edit.content),
                    "version": edit.version,
                    "imported": entry_to_json(edit.imported) if edit.imported else "",
                }
                connection.execute(update(edits).where(edits.c.entry == entry_id).values(**row))

    def history(self, entry: str) -> list[EditRecord]:
        """Return the edits of an entry, oldest first."""
        chosen = select(edit_history).where(edit_history.c.entry == entry)
        return [_record(row) for row in self._database.rows(chosen.order_by(edit_history.c.id))]

    def of_delivery(self, delivery: str) -> EditRecord | None:
        """Return the last edit that a delivery caused, or None."""
        if not delivery:
            return None
        chosen = select(edit_history).where(edit_history.c.delivery == delivery)
        row = self._database.row(chosen.order_by(edit_history.c.id.desc()).limit(1))
        return _record(row) if row else None

    def last_by(self, by: str) -> EditRecord | None:
        """Return the last edit by a person, or None."""
        chosen = select(edit_history).where(edit_history.c.by == by)
        row = self._database.row(chosen.order_by(edit_history.c.id.desc()).limit(1))
        return _record(row) if row else None

    def roll_back(
        self, connection: Connection, last: int, shown: Mapping[str, Entry], by: str
    ) -> list[EditRecord]:
        """Reset every entry to its state after edit number `last`, in the caller's transaction.
        `shown` are the entries of the restored generation by id, which become the content of the
        sources. Returns the overridden edits, oldest first: the last edit of each entry whose state
        differs. A reset that undoes an earlier rollback is recorded as "restored" and not
        returned."""
        self._database.lock_table(connection, edits)
        then = {record.entry: record for record in _newest(connection, last)}
        rows = connection.execute(select(edits)).mappings()
        now = {edit.entry: edit for edit in map(_edit, rows)}
        overridden = []
        others: dict[str, Entry | None] = {}  # where only the source's content differs
        for record in _newest(connection):
            before = then.get(record.entry)
            edit = now.get(record.entry)
            source = given = edit.imported if edit else None
            if before is None or before.state == "imported":
                there = shown.get(record.entry)
                given = unlinked(there) if there else None
            if _says(record, given) == _says(before, given):
                if given != source:
                    others[record.entry] = given
                continue
            state: EditState = "imported" if given or source else "removed"
            content = given or source or record.content
            if before is not None:
                state, content = before.state, before.content
            base = version_of(source) if source and state == "written" else ""
            change: EditChange = "restored" if record.change == "set aside" else "set aside"
            written = self._write(connection, change, state, content, given, base, by)
            _settle_ways(connection, written)
            if change == "set aside":
                overridden.append(record)
        self.refresh_within(connection, others)
        return overridden

    def _write(
        self,
        connection: Connection,
        change: EditChange,
        state: EditState,
        content: Entry,
        source: Entry | None,
        base: str,
        by: str,
    ) -> EditRecord:
        written = entry_to_json(content)
        change_row = {
            "entry": content.id,
            "state": state,
            "content": written,
            "at": time.time(),
            "by": by,
        }
        row = change_row | {
            "version": "" if state == "removed" else digest_of_content(written),
            "imported": entry_to_json(source) if source else "",
            "base": base,
        }
        self._database.put(connection, edits, [row])
        inserted = insert(edit_history).values(change=change, **change_row)
        return _record(connection.execute(inserted.returning(edit_history)).mappings().one())


def _settle_ways(connection: Connection, record: EditRecord) -> None:
    """Let the states of the entry's ways to ask follow its search phrases, unless it was
    removed."""
    if record.state != "removed":
        content = record.content
        WayProposals.follow_within(connection, content, text_version(content), record.by)


def _version_there(edit: Edit | None, imported: Entry | None) -> str:
    there = edit.current if edit else imported
    return version_of(there) if there else ""


def _says(record: EditRecord | None, source: Entry | None) -> tuple[str, str] | None:
    """Return a key that is equal for equivalent edits. An entry that was reset to its source equals
    an entry without an edit, and so does a removed entry that is not in its source."""
    if record is None or record.state == "imported":
        return None
    if record.state == "removed" and source is None:
        return None
    return record.state, record.version


def _newest(connection: Connection, upto: int | None = None) -> list[EditRecord]:
    numbers = select(func.max(edit_history.c.id)).group_by(edit_history.c.entry)
    if upto is not None:
        numbers = numbers.where(edit_history.c.id <= upto)
    chosen = select(edit_history).where(edit_history.c.id.in_(numbers)).order_by(edit_history.c.id)
    return [_record(row) for row in connection.execute(chosen).mappings()]


def _found(connection: Connection, entry: str) -> Edit | None:
    row = connection.execute(select(edits).where(edits.c.entry == entry)).mappings().first()
    return None if row is None else _edit(row)


def _edit(row: Mapping[Any, Any]) -> Edit:
    imported = entry_from_json(row["imported"]) if row["imported"] else None
    return from_row(Edit, row, content=entry_from_json(row["content"]), imported=imported)


def _record(row: Mapping[Any, Any]) -> EditRecord:
    return from_row(EditRecord, row, content=entry_from_json(row["content"]))
