"""List entries page by page: by category, by letter, or all of them."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from index.entry import Entry
from index.names import name_key
from index.storage import Generation
from index.storage.db.generation_records import HistoryRecord

PAGE_SIZE = 10  # entries on a page
LONGEST_NAME = 100  # characters of a category; longer names are cut
NUMBERS = "0–9"
SIGNS = "#"

By = Literal["category", "letter", "all"]


@dataclass(frozen=True, slots=True)
class CategorySize:
    """A category or letter with its number of entries. The name is empty for entries without a
    category."""

    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class Contents:
    """The number of entries, and the sizes of the categories and letters in alphabetical order; the
    entries without a category come last. An entry counts in each of its categories."""

    entries: int
    categories: tuple[CategorySize, ...]
    letters: tuple[CategorySize, ...]


@dataclass(frozen=True, slots=True)
class PageRef:
    """A reference to one page, numbered from 1, of a category, a letter, or all entries."""

    by: By
    name: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of an alphabetical list of entries. `first` is the position of its first entry in
    the list, from 1, and `total` the number of entries in the list."""

    place: PageRef
    entries: tuple[Entry, ...]
    first: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class RecentChange:
    id: str
    term: str
    change: Literal["added", "changed"]


def contents(generation: Generation) -> Contents:
    entries = generation.listed
    categories, letters = (
        tuple(CategorySize(*one) for one in sorted(sizes.items(), key=lambda it: (not it[0], it)))
        for sizes in (
            Counter(name for entry in entries for name in names_of(entry))
            for names_of in _NAMES.values()
        )
    )
    return Contents(len(entries), categories, letters)


def entry_page(generation: Generation, place: PageRef) -> EntryPage:
    """Return the page `place`, or the nearest page if its number is out of range. The page of an
    unknown category or letter is empty."""
    names_of = _NAMES.get(place.by)
    chosen = [one for one in generation.listed if names_of is None or place.name in names_of(one)]
    return page_of(chosen, place, PAGE_SIZE)


def page_of(entries: Iterable[Entry], place: PageRef, size: int) -> EntryPage:
    """Sort entries by term and return the page `place`, or the nearest one, of `size` entries."""
    chosen = sorted(entries, key=lambda entry: (name_key(entry.term), entry.id))
    pages = max(1, -(-len(chosen) // size))
    number = min(max(1, place.number), pages)
    start = (number - 1) * size
    return EntryPage(
        place=replace(place, number=number),
        entries=tuple(chosen[start : start + size]),
        first=start + 1,
        total=len(chosen),
        pages=pages,
    )


def recent_changes(
    generation: Generation, history: Iterable[HistoryRecord], limit: int
) -> tuple[RecentChange, ...]:
    """Return the `limit` most recently added or changed entries, each once. `history` must be
    sorted by time, newest first."""
    found: dict[str, RecentChange] = {}
    for record in history:
        entry = generation.entries.get(record.entry)
        if entry is not None and record.change != "removed" and len(found) < limit:
            found.setdefault(entry.id, RecentChange(entry.id, entry.term, record.change))
    return tuple(found.values())


def letter_of(term: str) -> str:
    """Return the letter under which a term is listed, such as "E" for "élan". Terms that begin with
    a digit are under `NUMBERS`, those that begin with another character under `SIGNS`."""
    first = unicodedata.normalize("NFKD", name_key(term))[:1]
    if first.isalpha():
        return first.upper()[:1]
    return NUMBERS if first.isnumeric() else SIGNS


_NAMES: dict[By, Callable[[Entry], Iterable[str]]] = {
    "category": lambda entry: {name[:LONGEST_NAME] for name in entry.categories or ("",)},
    "letter": lambda entry: (letter_of(entry.term),),
}
