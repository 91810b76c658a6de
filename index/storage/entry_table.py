"""The entries of an index with their numbers, passages, names and links."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry, Passage, passages_of
from index.excerpts import Excerpt, excerpts_of
from index.names import Names, name_key
from index.sources.source import BUNDLED


class EntryTable:
    """Entries and their passages in the order of the sources. The number of an entry and the row of
    a passage are their positions in that order. Passages are listed on first use."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: dict[str, Entry] = {entry.id: entry for entry in entries}
        self.number_of: dict[str, int] = {one: number for number, one in enumerate(self.entries)}
        self.ids: list[str] = list(self.entries)
        # The position of each entry when sorted by id, `int64[e]`.
        self.places_by_id = np.argsort(_numbers(map(self.number_of.__getitem__, sorted(self.ids))))
        self.categories = sorted({name for one in self.entries.values() for name in one.categories})
        self.sources = sorted({one.source for one in self.entries.values() if one.source})
        named: dict[bool, list[tuple[str, str, tuple[str, ...]]]] = {False: [], True: []}
        for one in self.entries.values():
            named[one.source == BUNDLED].append((one.id, one.term, one.aliases))
        self.names = Names(named[False], named[True])  # bundled entries rank last
        # Pairs of a bundled entry and the entry listed instead, by number, `int64[k, 2]`.
        self.twin_numbers = _numbers(
            self.number_of[one] for pair in self.names.twins.items() for one in pair
        ).reshape(-1, 2)
        self.links = _links_of(self.entries, self.names.twins)

    @cached_property
    def passages(self) -> list[Passage]:
        return [passage for entry in self.entries.values() for passage in passages_of(entry)]

    @cached_property
    def excerpts(self) -> list[Excerpt]:
        return [one for entry in self.entries.values() for one in excerpts_of(entry)]

    @cached_property
    def excerpts_by_entry(self) -> dict[str, list[int]]:
        """The numbers of each entry's excerpts, by its id."""
        found: dict[str, list[int]] = {}
        for number, excerpt in enumerate(self.excerpts):
            found.setdefault(excerpt.entry_id, []).append(number)
        return found

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The number of each passage's entry, `int64[n]`."""
        return _numbers(self.number_of[passage.entry_id] for passage in self.passages)

    @cached_property
    def hidden(self) -> NDArray[np.bool_]:
        """Which passages are never shown, `bool[n]`."""
        return np.array([passage.kind == "phrase" for passage in self.passages], dtype=np.bool_)

    @cached_property
    def bundled(self) -> NDArray[np.bool_]:
        """Which entries are bundled, `bool[e]`."""
        return np.array([one.source == BUNDLED for one in self.entries.values()], dtype=np.bool_)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """The number of passages of each entry, `int64[e]`."""
        return np.bincount(self.owners, minlength=len(self.ids))

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The row of each entry's first passage, `int64[e]`."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each passage, by its id."""
        return {passage.id: row for row, passage in enumerate(self.passages)}

    def rows_of(self, entry_id: str) -> NDArray[np.int64]:
        """Return the rows of an entry's passages, `int64[k]`."""
        number = self.number_of[entry_id]
        first = self.starts[number]
        return np.arange(first, first + self.counts[number], dtype=np.int64)

    @cached_property
    def with_last_word(self) -> dict[str, list[Entry]]:
        """The listed entries by the key of their term without its last word."""
        found: dict[str, list[Entry]] = {}
        for entry in self.listed:
            found.setdefault(name_key(entry.term).rpartition(" ")[0], []).append(entry)
        return found

    @cached_property
    def asked_as(self) -> dict[str, list[str]]:
        """The ids of the entries with a search phrase, by its key (see `name_key`)."""
        found: dict[str, list[str]] = {}
        for entry in self.entries.values():
            for key in dict.fromkeys(map(name_key, entry.search_phrases)):
                found.setdefault(key, []).append(entry.id)
        return found

    @property
    def listed(self) -> list[Entry]:
        """All entries except bundled entries whose term another source also defines."""
        return [entry for entry in self.entries.values() if entry.id not in self.names.twins]

    def entries_within(self, category: str | None, source: str | None) -> NDArray[np.bool_]:
        """Return a mask of the entries in this category and source, `bool[e]`; None matches any."""
        if category is None and source is None:
            return np.ones(len(self.ids), dtype=np.bool_)
        within = (
            (category is None or category in entry.categories) and source in (None, entry.source)
            for entry in self.entries.values()
        )
        return np.fromiter(within, dtype=np.bool_, count=len(self.ids))

    def entries_shown(self, category: str | None, source: str | None) -> NDArray[np.bool_]:
        """Return a mask of the entries listed for this category and source, `bool[e]`. A bundled
        entry whose term another source also defines is listed only for the bundled source."""
        shown = self.entries_within(category, source)
        if source != BUNDLED:
            shown[self.twin_numbers[:, 0]] = False
        return shown


def rows_by_source(entries: Iterable[Entry]) -> dict[str, NDArray[np.int64]]:
    """Return the numbers of the entries of each source, `int64[k]`, by its name."""
    found: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        found.setdefault(entry.source, []).append(number)
    return {name: _numbers(numbers) for name, numbers in found.items()}


def _numbers(numbers: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(numbers, dtype=np.int64)


def _links_of(
    entries: Mapping[str, Entry], twins: Mapping[str, str]
) -> dict[str, dict[str, float]]:
    """Return the strength of each entry's links to others, 0…1, by id. The first related term of an
    entry counts 1, the last one half. A link from another entry counts one half. An entry also has
    the links of the bundled entry with the same term."""
    links: dict[str, dict[str, float]] = {entry_id: {} for entry_id in entries}
    for entry in entries.values():
        named = [item.id for item in entry.related if item.id and item.id != entry.id]
        for position, other in enumerate(named):
            strength = 1 - position / (2 * max(1, len(named) - 1))
            links[entry.id][other] = max(strength, links[entry.id].get(other, 0))
            links[other].setdefault(entry.id, 0.5)
    for twin, own in twins.items():
        for other in links[twin].keys() - {own}:
            links[own].setdefault(other, links[twin][other])
            links[other].setdefault(own, links[other][twin])
    return links
