"""What people wrote, over what sources give: how each entry is to be, and how it came to be so."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from index.entry import Entry
from index.entry_json import entry_from_json, entry_to_json
from index.errors import NearsayError
from index.storage.db.generation_records import digest_of_content
from index.storage.db.part import LedgerPart, from_row
from index.storage.db.schema import edit_history, edits

EditState = Literal["written", "removed", "imported"]
"""Written by people; removed by them; or as its source has it, after that was put back."""
EditChange = Literal[
    "added", "edited", "removed", "put back", "restored", "alias", "phrase", "set aside"
]

LAST = select(func.max(edit_history.c.id))  # the number of the last change

Within = Callable[[Connection], None]
"""Something else that is written in the same transaction; what it raises undoes both."""


@dataclass(frozen=True, slots=True)
class Edit:
    """How an entry, by its id, is to be.

    `content` is what it is, or what a removed one was last; `version` is the digest of that, or
    empty for a removed one. `imported` is what its source gives, as far as it has been read (of an
    entry in the state "imported", for the current generation), and `base` the version of that which
    was edited, or empty.
    """

    entry: str
    state: EditState
    content: Entry
    version: str
    imported: Entry | None
    base: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class EditRecord:
    """One change of an entry, by its id: from then on it was `state` and `content`."""

    id: int
    entry: str
    change: EditChange
    state: EditState
    content: Entry
    at: datetime
    by: str

    @property
    def version(self) -> str:
        """The version of the entry after the change; empty when it was removed."""
        return "" if self.state == "removed" else version_of(self.content)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Every edit as it is now, and the number of the last change (0 for none)."""

    edits: tuple[Edit, ...] = ()
    last: int = 0


class OutdatedError(NearsayError):
    """An entry has another version than the one that was to be changed."""

    code = "outdated"


class Edits(LedgerPart):
    """The edits in one database. Threads may share it."""

    def overlay(self) -> Overlay:
        """All edits, in the order of the ids of their entries, and how many changes they hold."""
        with self._database.reading() as connection:
            rows = connection.execute(select(edits).order_by(edits.c.entry)).mappings()
            found = tuple(map(_edit, rows))
            return Overlay(found, int(connection.execute(LAST).scalar() or 0))

    def last(self) -> int:
        """The number of the last change, 0 when there is none."""
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
        within: Within = lambda _: None,
    ) -> EditRecord:
        """Changes an entry to `state` and `content`, and returns the change.

        `imported` is what its source gives, where there is no edit of it yet. With `expected`,
        that is done only while the entry has this version (empty: while it is not there); raises
        `OutdatedError` else. `within` is done in the same transaction.
        """
        content = unlinked(content)
        with self._database.writing() as connection:
            self._database.alone(connection, edits)
            before = _found(connection, content.id)
            if expected is not None and expected != _version_there(before, imported):
                raise OutdatedError(f'"{content.term}" has been changed meanwhile.')
            source = before.imported if before else imported and unlinked(imported)
            base = before.base if before and before.base else version_of(source) if source else ""
            record = self._write(
                connection, change, state, content, source, base if state == "written" else "", by
            )
            within(connection)
        return record

    def refresh(self, imported: Mapping[str, Entry | None]) -> None:
        """Notes what sources give of entries, by their ids, where that has changed."""
        if imported:
            with self._database.writing() as connection:
                self.refreshing(connection, imported)

    def refreshing(self, connection: Connection, imported: Mapping[str, Entry | None]) -> None:
        """Does the same in a transaction that another began."""
        if imported:
            self._database.alone(connection, edits)
        for entry_id, entry in imported.items():
            connection.execute(
                update(edits)
                .where(edits.c.entry == entry_id)
                .values(imported=entry_to_json(unlinked(entry)) if entry else "")
            )

    def history(self, entry: str) -> list[EditRecord]:
        """The changes of an entry, the oldest first."""
        chosen = select(edit_history).where(edit_history.c.entry == entry)
        return [_record(row) for row in self._database.rows(chosen.order_by(edit_history.c.id))]

    def last_by(self, by: str) -> EditRecord | None:
        """The last change that somebody made, or None."""
        chosen = select(edit_history).where(edit_history.c.by == by)
        row = self._database.row(chosen.order_by(edit_history.c.id.desc()).limit(1))
        return _record(row) if row else None

    def going_back(
        self, connection: Connection, last: int, shown: Mapping[str, Entry], by: str
    ) -> list[EditRecord]:
        """Makes every entry what it was after the change number `last`, in a transaction that
        another began, and what its source gives what a generation of then shows of it, by its id.
        Returns the changes that this sets aside, the oldest first: of each entry that differs now,
        the last one. What was set aside before and is as it is to be comes back.
        """
        self._database.alone(connection, edits)
        then = {record.entry: record for record in _newest(connection, last)}
        rows = connection.execute(select(edits)).mappings()
        now = {edit.entry: edit for edit in map(_edit, rows)}
        aside = []
        others: dict[str, Entry | None] = {}  # where only what the source gives differs
        for record in _newest(connection):
            before = then.get(record.entry)
            edit = now.get(record.entry)
            source = given = edit.imported if edit else None
            if before is None or before.state == "imported":
                there = shown.get(record.entry)
                given = unlinked(there) if there else None
            if _says(record, source) == _says(before, source):
                if given != source:
                    others[record.entry] = given
                continue
            state: EditState = "imported" if source else "removed"
            content = given or source or record.content
            if before is not None:
                state, content = before.state, before.content
            base = version_of(source) if source and state == "written" else ""
            change: EditChange = "restored" if record.change == "set aside" else "set aside"
            self._write(connection, change, state, content, given, base, by)
            if change == "set aside":
                aside.append(record)
        self.refreshing(connection, others)
        return aside

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


def unlinked(entry: Entry) -> Entry:
    """An entry as it is written: its related terms are not resolved."""
    return replace(entry, related=tuple(replace(item, id=None) for item in entry.related))


def version_of(entry: Entry) -> str:
    """SHA-256 of what is written in an entry, hexadecimal: equal entries have equal versions,
    whatever other entries there are."""
    return digest_of_content(entry_to_json(unlinked(entry)))


def _version_there(edit: Edit | None, imported: Entry | None) -> str:
    if edit is not None and edit.state != "imported":
        return edit.version
    there = edit.imported if edit else imported
    return version_of(there) if there else ""


def _says(record: EditRecord | None, source: Entry | None) -> tuple[str, str] | None:
    """What makes two changes the same. As imported is as if nothing had been changed, and so is
    removed where its source does not give it."""
    if record is None or record.state == "imported":
        return None
    if record.state == "removed" and source is None:
        return None
    return record.state, record.version


def _newest(connection: Connection, upto: int | None = None) -> list[EditRecord]:
    """The last change of each entry, of those up to a number where one is given."""
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
