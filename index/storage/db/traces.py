"""What the ledger has of entries that are gone, and of a person; and its removal."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, func, or_, select, update

from index.entry import Entry, passages_of
from index.entry_json import entry_from_json
from index.names import name_key
from index.storage.db import schema
from index.storage.db.database import AT_ONCE
from index.storage.db.part import LedgerPart, count_changed

FORMER = "a former member"  # in place of a person's name
# Where the names of people are kept with what they did: "ada (U012ABCDEF)", or the id alone.
_SIGNED: tuple[Column[Any], ...] = (
    schema.generations.c.by,
    schema.entry_history.c.by,
    schema.edits.c.by,
    schema.edit_history.c.by,
    schema.ways.c.by,
    schema.suggestions.c.reviewer,
    schema.audit.c.who,
)
_OWN = (schema.questions, schema.votes, schema.drafts, schema.suggestions)


@dataclass(frozen=True, slots=True)
class Traces:
    """What the ledger has of a source, or of a term: the ids of the entries, the digests of their
    versions and of the passages of these, the time of the first, and numbers of edits and ways."""

    entries: frozenset[str]
    versions: frozenset[str]
    passages: frozenset[str]
    since: datetime | None
    edits: int
    ways: int


class Removals(LedgerPart):
    def traces(self, name: str) -> Traces:
        """Return what there is of the source `name`, or else of the entries of that id or term."""
        versions = schema.entry_versions
        rows = self._database.rows(select(versions).order_by(versions.c.digest))
        of_source = [row for row in rows if row["source"] == name]
        edited = {
            row["entry"]: entry_from_json(row["content"])
            for row in self._database.rows(select(schema.edit_history))
        }
        if of_source or any(one.source == name for one in edited.values()):
            chosen, ids = of_source, {one.id for one in edited.values() if one.source == name}
        else:

            def is_meant(entry: Entry) -> bool:
                return entry.id == name or name_key(entry.term) == name_key(name)

            ids = {one.id for one in edited.values() if is_meant(one)}
            ids |= {row["entry"] for row in rows if is_meant(entry_from_json(row["content"]))}
            chosen = [row for row in rows if row["entry"] in ids]
        history, digests = schema.entry_history, [row["digest"] for row in chosen]
        dates = [
            self._database.value(select(func.min(history.c.at)).where(history.c.digest.in_(part)))
            for part in _parts(digests)
        ]
        first = min(filter(None, dates), default=None)
        ids |= {row["entry"] for row in chosen}
        return Traces(
            entries=frozenset(ids),
            versions=frozenset(digests),
            passages=frozenset(
                passage.digest
                for row in chosen
                for passage in passages_of(entry_from_json(row["content"]))
            ),
            since=datetime.fromtimestamp(first, UTC) if first else None,
            edits=self._count(schema.edit_history, ids),
            ways=self._count(schema.ways, ids),
        )

    def remove(self, name: str, found: Traces, needed: Collection[str]) -> None:
        """Remove the traces of entries that are in no generation. `needed` are the digests of
        passages whose vectors stay. Questions stay, without answers from these entries."""
        s = schema
        with self._database.writing() as connection:
            asked = connection.execute(select(s.questions.c.id, s.questions.c.entries)).all()
            answered = [
                one for one, shown in asked if not found.entries.isdisjoint(json.loads(shown))
            ]
            empty = {"answer": "", "first": "", "entries": "[]"}
            for part in _parts(answered):
                chosen = s.questions.c.id.in_(part)
                connection.execute(update(s.questions).where(chosen).values(**empty))
            for column, values in (
                (s.entry_history.c.digest, found.versions),
                (s.entry_versions.c.digest, found.versions),
                (s.edits.c.entry, found.entries),
                (s.edit_history.c.entry, found.entries),
                (s.ways.c.entry, found.entries),
                (s.suggestions.c.entry, found.entries),
                (s.vectors.c.digest, found.passages - set(needed)),
            ):
                for part in _parts(values):
                    connection.execute(delete(column.table).where(column.in_(part)))
            connection.execute(delete(s.files).where(s.files.c.source == name))
        self._database.truncate_log()

    def of_person(self, person: str) -> Mapping[str, list[dict[str, Any]]]:
        """Return the rows of a person by table: what they asked, voted, drafted and suggested, and
        what they did under their name."""
        found = {
            table.name: self._database.rows(select(table).where(table.c.person == person))
            for table in _OWN
        }
        for column in _SIGNED:
            rows = self._database.rows(select(column.table).where(_signed(column, person)))
            found[f"{column.table.name}, signed"] = rows
        return {name: [dict(row) for row in rows] for name, rows in found.items() if rows}

    def unsign(self, person: str) -> int:
        """Put `FORMER` in place of a person's name; return the number of records."""
        with self._database.writing() as connection:
            done = sum(
                count_changed(
                    connection,
                    update(column.table).where(_signed(column, person)).values({column: FORMER}),
                )
                for column in _SIGNED
            )
        self._database.truncate_log()
        return done

    def _count(self, table: Table, ids: Collection[str]) -> int:
        counted = select(func.count()).select_from(table)
        return sum(
            int(self._database.value(counted.where(table.c.entry.in_(part))))
            for part in _parts(ids)
        )


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    """Yield the values in parts that fit in one statement."""
    listed = sorted(values)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))


def _signed(column: Column[Any], person: str) -> ColumnElement[bool]:
    return or_(column == person, column.endswith(f" ({person})", autoescape=True))
