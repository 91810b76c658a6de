"""The entries of the index with all edits applied, including those not yet live."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from index.editing.validation import NameOwner
from index.entry import Entry, Mention, unlinked
from index.errors import NotFound
from index.names import name_key
from index.sources.source import WRITTEN
from index.storage import Generation, Store
from index.storage.audience import hidden_of
from index.storage.db.edit import Edit, version_of
from index.text import alternatives

SHOWN = 10  # entries named in a message


@dataclass(frozen=True, slots=True)
class EntryState:
    """An entry in the index and its edit, each None if it does not exist."""

    indexed: Entry | None
    edit: Edit | None

    @property
    def current(self) -> Entry | None:
        """The entry with its edit applied; None if removed or unknown."""
        if self.edit is None:
            return self.indexed
        return self.edit.current

    @property
    def last(self) -> Entry | None:
        """The entry with its edit applied, or its last content if it was removed."""
        return self.current or (self.edit.content if self.edit else None)

    @property
    def imported(self) -> Entry | None:
        """The source's version of the entry; None if no source has it."""
        if self.edit is not None:
            return self.edit.imported
        return self.indexed

    @property
    def version(self) -> str:
        """The version on which a change must be based; empty if there is no entry."""
        return version_of(self.current) if self.current else ""

    @property
    def id(self) -> str:
        return self.last.id if self.last else ""

    @property
    def term(self) -> str:
        return self.last.term if self.last else ""

    @property
    def is_written(self) -> bool:
        """Whether users wrote the entry in Nearsay; such an entry is not in any source."""
        return self.last is not None and self.last.source == WRITTEN

    def required(self) -> Entry:
        """Return the entry with its edit applied. Raises `NotFound` if it was removed."""
        if self.current is None:
            raise NotFound(
                f'"{self.term}" has been removed.',
                f"To undo the removal: /near-admin undo {self.term}",
            )
        return self.current


NO_ENTRY = EntryState(None, None)


class WorkingCopy:
    """The entries of a generation with all edits applied."""

    def __init__(self, generation: Generation, edits: tuple[Edit, ...]) -> None:
        self.generation = generation
        self._edits = {edit.entry: edit for edit in edits}

    @classmethod
    @contextmanager
    def read(cls, store: Store) -> Iterator[WorkingCopy]:
        """Open the current generation with its edits for the duration of the block."""
        with store.reading() as generation:
            edits = store.ledger.edits.overlay().edits
            hidden = hidden_of({edit.content.source for edit in edits})
            yield cls(generation, tuple(one for one in edits if one.content.source not in hidden))

    def by_id(self, entry: str) -> EntryState:
        """Return the state of the entry with the id `entry`. Raises `NotFound`."""
        indexed = self.generation.entries.get(entry)
        found = EntryState(unlinked(indexed) if indexed else None, self._edits.get(entry))
        if found.last is None:
            raise NotFound(f'There is no entry with the id "{entry[:120]}".', "")
        return found

    def find(self, term: str) -> EntryState:
        """Return the state of the entry with the name or id `term`, even if it was removed.

        Terms take precedence over aliases, and existing entries over removed ones. Raises
        `NotFound` if no entry or more than one matches.
        """
        key = name_key(term)
        terms, aliases = self._ids_of_name(key)
        there = ([one for one in ids if self.by_id(one).current] for ids in (terms, aliases))
        ids = next((ids for ids in (*there, terms, aliases) if ids), [])
        if term in self._edits or term in self.generation.entries:
            ids = ids or [term]
        if len(ids) == 1:
            return self.by_id(ids[0])
        if ids:
            listed = ", ".join(ids[:SHOWN])
            raise NotFound(
                f'Several entries are called "{term}".', f"Choose one by its id: {listed}."
            )
        like = self.generation.names.suggest(term)
        names = alternatives([self.generation.entries[one.entry_id].term for one in like])
        raise NotFound(
            f'There is no entry "{term}".',
            f"Did you mean {names}?" if names else f"Add it with: /near-admin add {term}",
            [mention_of(self.generation.entries[one.entry_id]) for one in like],
        )

    def term_named(self, name: str) -> str | None:
        """Return the term of the entry called `name`, or None if the name is free."""
        return self.name_checker("")(name)

    def name_checker(self, entry: str) -> NameOwner:
        """Return a function that maps a name to the term of the entry with that name, or None. The
        function ignores the entry with the id `entry`."""

        def taken(name: str) -> str | None:
            terms, aliases = self._ids_of_name(name_key(name))
            for other in (*terms, *aliases):
                found = self.by_id(other).current
                if other != entry and found is not None:
                    return found.term
            return None

        return taken

    def ids(self) -> Container[str]:
        """Return the ids of all entries, including removed ones."""
        return self.generation.entries.keys() | self._edits.keys()

    def entries(self) -> dict[str, Entry]:
        """Return all entries that exist, by id."""
        states = map(self.by_id, dict.fromkeys((*self.generation.entries, *self._edits)))
        return {state.id: state.current for state in states if state.current}

    def category(self, name: str) -> str:
        """Return the existing spelling of a category, or `name` if it is new."""
        known = {name_key(other): other for other in self.generation.categories}
        return known.get(name_key(name), name)

    def referring(self, entry: str) -> tuple[Mention, ...]:
        """Return the entries that list `entry` as related."""
        return tuple(
            mention_of(other)
            for other in self.generation.entries.values()
            if other.id != entry and any(item.id == entry for item in other.related)
        )

    def _ids_of_name(self, key: str) -> tuple[list[str], list[str]]:
        terms, aliases = self._names
        return terms.get(key, []), aliases.get(key, [])

    @cached_property
    def _names(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        entries = dict(self.generation.entries)
        for entry_id in self._edits:
            if last := self.by_id(entry_id).last:
                entries[entry_id] = last
        terms: dict[str, list[str]] = {}
        aliases: dict[str, list[str]] = {}
        for entry in entries.values():
            terms.setdefault(name_key(entry.term), []).append(entry.id)
            for key in {name_key(alias) for alias in entry.aliases}:
                aliases.setdefault(key, []).append(entry.id)
        return terms, aliases


def mention_of(entry: Entry) -> Mention:
    return Mention(entry.id, entry.term, entry.category, None)
