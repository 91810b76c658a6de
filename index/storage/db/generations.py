"""The generations of the index: the content of each, and which one is current."""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from index.entry import Entry
from index.entry_json import entry_from_json
from index.errors import LedgerError, NotFound, StoreBusy
from index.storage.db.generation_records import (
    INDEX_FORMAT,
    WITH_FILES,
    Change,
    CurrentGeneration,
    GenerationRecord,
    HistoryRecord,
    record_of,
    version_row,
)
from index.storage.db.part import LedgerPart, from_row
from index.storage.db.processes import READ_EXPIRY_S
from index.storage.db.schema import (
    entry_history,
    entry_versions,
    generation_entries,
    generation_files,
    generations,
    holds,
    members,
    pointer,
)

_BUILT = generations.c.state != "building"


class Generations(LedgerPart):
    def pointer(self) -> CurrentGeneration:
        with self._database.reading() as connection:
            return _pointer(connection)

    def all(self) -> list[GenerationRecord]:
        """Return every generation, including removed ones, newest first."""
        return self._several(select(generations))

    def kept(self) -> list[GenerationRecord]:
        """Return the generations that have files, ready or damaged, newest first."""
        return self._several(select(generations).where(generations.c.state.in_(WITH_FILES)))

    def _several(self, chosen: Select[Any]) -> list[GenerationRecord]:
        rows = self._database.rows(chosen.order_by(generations.c.name.desc()))
        return list(map(record_of, rows))

    def count(self) -> int:
        """Return the number of generations ever built."""
        return int(self._database.value(select(func.count()).where(_BUILT)))

    def get(self, name: str) -> GenerationRecord:
        """Return a generation, or raise `NotFound`."""
        row = self._database.row(select(generations).where(generations.c.name == name))
        if row is None:
            raise NotFound(
                f"There is no generation {name}.", "List them with: /near-admin generations"
            )
        return record_of(row)

    def begin(self, by: str) -> str:
        """Reserve the name of the next generation; the first is `g000001`."""
        with self._database.writing() as connection:
            last = connection.execute(select(func.max(generations.c.name))).scalar()
            name = f"g{int(last[1:]) + 1 if last else 1:06d}"
            row = {"name": name, "state": "building", "built": time.time(), "by": by}
            row |= {"manifest": "", "digests": "", "outcome": "{}", "note": ""}
            connection.execute(insert(generations).values(format=INDEX_FORMAT, **row))
        return name

    def complete(
        self,
        name: str,
        entries: Sequence[Entry],
        changes: Mapping[Change, Iterable[Entry]],
        *,
        manifest: str,
        digests: Mapping[str, str],
        outcome: Mapping[str, Any],
        expected: str | None,
        within: Callable[[Connection], None] = lambda _: None,
    ) -> None:
        """Record the content of a generation and make it current, in one transaction with `within`.
        `entries` are all entries in order, `changes` the entries that differ from the previous
        generation. Paused scheduled reindexing stays paused. Raises `StoreBusy` if a generation
        other than `expected` is current."""
        now = time.time()
        versions = {one.id: version_row(one) for one in (*changes.get("removed", ()), *entries)}
        with self._database.writing() as connection:
            before = select(generation_entries.c.digest).where(
                generation_entries.c.generation == expected
            )
            known = set(connection.execute(before).scalars())
            new = [version for version in versions.values() if version["digest"] not in known]
            self._database.add_new(connection, entry_versions, new)
            rows = [
                {"generation": name, "position": at, "digest": versions[entry.id]["digest"]}
                for at, entry in enumerate(entries)
            ]
            connection.execute(insert(generation_entries), rows)
            by = connection.execute(
                update(generations)
                .where(generations.c.name == name)
                .values(
                    state="ready",
                    built=now,
                    manifest=manifest,
                    digests=json.dumps(dict(digests)),
                    outcome=json.dumps(outcome),
                )
                .returning(generations.c.by)
            ).scalar_one()
            history = [
                {
                    "entry": entry.id,
                    "change": change,
                    "digest": versions[entry.id]["digest"],
                    "generation": name,
                    "at": now,
                    "by": str(by),
                }
                for change, several in changes.items()
                for entry in several
            ]
            if history:
                connection.execute(insert(entry_history), history)
            switch(connection, name, expected, paused=_pointer(connection).paused)
            within(connection)

    def note_outcome(self, name: str, outcome: Mapping[str, Any]) -> None:
        """Add fields to the recorded outcome of a generation's reindex."""
        self._set(name, outcome=json.dumps({**self.get(name).outcome, **outcome}))

    def move_sources(self, before: str, now: str) -> None:
        """Replace the folder `before` with `now` in the source paths of generations with files."""

        def moved(part: dict[str, Any]) -> dict[str, Any]:
            inside = str(part["path"]).startswith(before + os.sep)
            return part | {"path": now + part["path"][len(before) :]} if inside else part

        for record in self.kept():
            manifest = json.loads(record.manifest)
            for field in ("sources", "reports"):
                manifest[field] = [moved(part) for part in manifest.get(field, ())]
            self._set(record.name, manifest=json.dumps(manifest, indent=1))

    def resume(self) -> None:
        """End the pause of scheduled reindexing."""
        self._database.run(update(pointer).values(paused=False))

    def entries(self, name: str) -> list[Entry]:
        """Return the entries of a generation, in order. Raises `LedgerError` if one is damaged."""
        rows = self._database.rows(
            select(entry_versions.c.content)
            .join(generation_entries, generation_entries.c.digest == entry_versions.c.digest)
            .where(generation_entries.c.generation == name)
            .order_by(generation_entries.c.position)
        )
        try:
            return [entry_from_json(row["content"]) for row in rows]
        except (ValueError, KeyError, TypeError) as error:
            raise LedgerError(
                f"Entries of generation {name} in the ledger {self._database.name} cannot be read.",
                "Rebuild the index with: nearsay index --full",
            ) from error

    def history(self, limit: int) -> list[HistoryRecord]:
        """Return the latest changes to entries: newest generation first, and additions first within
        a generation. The first generation, in which every entry was new, is left out."""
        first = select(func.min(generations.c.name)).where(_BUILT).scalar_subquery()
        chosen = (
            select(entry_history)
            .where(entry_history.c.generation != first)
            .order_by(entry_history.c.generation.desc(), entry_history.c.change, entry_history.c.id)
            .limit(limit)
        )
        return [from_row(HistoryRecord, row) for row in self._database.rows(chosen)]

    def mark_damaged(self, name: str, note: str) -> None:
        self._set(name, state="damaged", note=note)

    def mark_restored(
        self, name: str, digests: Mapping[str, str], manifest: str, note: str
    ) -> None:
        """Mark a generation as ready, with the digests and manifest of its rebuilt files."""
        files = json.dumps(digests)
        self._set(name, state="ready", digests=files, manifest=manifest, note=note)

    def forget(self, name: str, note: str = "") -> bool:
        """Mark a generation as removed, unless a running process reads it; return whether it was
        marked, with a `note` why. Its outcome is kept. Its list of entries, manifest and stored
        files are deleted."""
        with self._database.writing() as connection:
            # A process that starts to read the generation locks the same row (see `Members.hold`).
            connection.execute(
                select(generations.c.name).where(generations.c.name == name).with_for_update()
            )
            alive = self._database.clock(connection) - READ_EXPIRY_S
            held = (
                select(holds.c.member)
                .join(members, members.c.token == holds.c.member)
                .where(holds.c.generation == name, members.c.heartbeat > alive)
            )
            if connection.execute(held).first() is not None:
                return False
            for table in (generation_files, generation_entries):
                connection.execute(delete(table).where(table.c.generation == name))
            connection.execute(
                update(generations)
                .where(generations.c.name == name)
                .values(state="removed", digests="{}", manifest="", note=note)
            )
        return True

    def abandon_unfinished(self) -> None:
        """Delete the records of generations that were not completed."""
        self._database.run(delete(generations).where(~_BUILT))

    def _set(self, name: str, **values: str) -> None:
        self._database.run(update(generations).where(generations.c.name == name).values(**values))


def _pointer(connection: Connection) -> CurrentGeneration:
    row = connection.execute(select(pointer)).mappings().first()
    if row is None:
        return CurrentGeneration(None, paused=False)
    return CurrentGeneration(row["generation"], paused=bool(row["paused"]))


def switch(connection: Connection, name: str, expected: str | None, *, paused: bool) -> None:
    """Make a generation with files current, in the caller's transaction. Raises `StoreBusy` if a
    generation other than `expected` is current."""
    values = {"generation": name, "switched": time.time(), "paused": paused}
    done = connection.execute(
        update(pointer).where(pointer.c.generation == expected).values(**values)
    )
    if done.rowcount:
        return
    current = _pointer(connection).generation
    if current is not None or expected is not None:
        raise StoreBusy(
            f"The live generation is now {current or 'none'}, not {expected or 'none'}.",
            "Check it with: /near-admin status",
        )
    connection.execute(delete(pointer))
    connection.execute(insert(pointer).values(id=1, **values))
