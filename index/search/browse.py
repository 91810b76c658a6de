"""The encyclopedia to leaf through: its entries by category, by letter, and all of them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from index.entry import Entry
from index.names import name_key
from index.storage import Generation
from index.storage.db.generation_records import HistoryRecord

LEAF = 10  # entries on a leaf
LONGEST_NAME = 100  # characters of a category that count
NUMBERS = "0–9"
SIGNS = "#"

By = Literal["category", "letter", "all"]


@dataclass(frozen=True, slots=True)
class CategorySize:
    """What stands together, by category or by letter, and how many entries that are. Entries
    without a category are together under an empty name; of a long name the beginning counts."""

    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What there is: the categories and the letters in alphabetical order."""

    generation: str
    model: str
    entries: int
    categories: tuple[CategorySize, ...]
    letters: tuple[CategorySize, ...]


@dataclass(frozen=True, slots=True)
class PageRef:
    """Where somebody is leafing: the leaf of that number, from 1, of a shelf, or of all."""

    by: By
    name: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The entries at a place, in alphabetical order. `first` is the number of the first of them,
    from 1, among `total`; `leaves` is how many leaves there are."""

    place: PageRef
    entries: tuple[Entry, ...]
    first: int
    total: int
    leaves: int


@dataclass(frozen=True, slots=True)
class News:
    """An entry that was added or changed lately."""

    id: str
    term: str
    change: Literal["added", "changed"]


def contents(generation: Generation) -> Contents:
    """The shelves of a generation."""
    entries = generation.listed
    categories, letters = (
        tuple(CategorySize(*shelf) for shelf in sorted(Counter(map(name_of, entries)).items()))
        for name_of in (_category_of, _letter_of)
    )
    return Contents(generation.id, generation.model, len(entries), categories, letters)


def leaf(generation: Generation, place: PageRef) -> EntryPage:
    """The leaf at `place`; the nearest one there is where the number is out of range, and an
    empty one where nothing stands on that shelf."""
    name_of = _category_of if place.by == "category" else _letter_of
    chosen = sorted(
        (one for one in generation.listed if place.by == "all" or name_of(one) == place.name),
        key=lambda entry: (name_key(entry.term), entry.id),
    )
    leaves = max(1, -(-len(chosen) // LEAF))
    number = min(max(1, place.number), leaves)
    start = (number - 1) * LEAF
    return EntryPage(
        place=PageRef(place.by, place.name, number),
        entries=tuple(chosen[start : start + LEAF]),
        first=start + 1,
        total=len(chosen),
        leaves=leaves,
    )


def news(generation: Generation, history: Iterable[HistoryRecord], limit: int) -> tuple[News, ...]:
    """The last `limit` additions and changes in `history`, which has the newest first: each entry
    once, and only where it is still there."""
    found: dict[str, News] = {}
    for record in history:
        entry = generation.entries.get(record.entry)
        if entry is not None and record.change != "removed" and len(found) < limit:
            found.setdefault(entry.id, News(entry.id, entry.term, record.change))
    return tuple(found.values())


def letter_of(term: str) -> str:
    """The letter that a term stands under: `letter_of("élan") == "E"`; numbers stand together,
    and so do signs."""
    first = unicodedata.normalize("NFKD", name_key(term))[:1]
    if first.isalpha():
        return first.upper()[:1]
    return NUMBERS if first.isnumeric() else SIGNS


def _category_of(entry: Entry) -> str:
    return entry.category[:LONGEST_NAME]


def _letter_of(entry: Entry) -> str:
    return letter_of(entry.term)
