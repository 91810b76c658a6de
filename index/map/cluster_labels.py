"""Name the neighbourhoods of a map by a category or by their most central entries."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.statistics.phrases import capitalize_title, phrases_of
from index.text import one_line

LONGEST = 28  # characters of a name
# Minimum shares for a neighbourhood to be named after a category.
MIN_CATEGORY_SHARE = 0.5  # of the neighbourhood in the category
MIN_SHARE_OF_CATEGORY = 0.55  # of the category in the neighbourhood


def name_neighbourhoods(
    entries: Sequence[Entry],
    neighbourhood_of: NDArray[np.int32],
    centres: NDArray[np.float32],
    centrality: NDArray[np.float32],
) -> tuple[str, ...]:
    """Return a unique name of at most `LONGEST` characters for each neighbourhood.

    It is the prevailing category, or else the term of the entry in the middle. If another entry is
    near more entries of the map, has no word in common with the first, and fits, its term is the
    second part of the name. `neighbourhood_of` (`int32[e]`) are the neighbourhood numbers of the
    entries, `centres` (`float32[e, d]`) their unit vectors and `centrality` (`float32[e]`) is the
    atlas's."""
    sizes = Counter(entry.category for entry in entries)
    names: dict[str, str] = {}
    for number in range(int(neighbourhood_of.max(initial=-1)) + 1):
        rows = np.flatnonzero(neighbourhood_of == number)
        middle = centres[rows] @ centres[rows].mean(axis=0)
        inward = [entries[at] for at in rows[np.argsort(-middle, kind="stable")].tolist()]
        first = rows[np.argmax(centrality[rows])]
        wanted = map(
            _for_display,
            chain([_prevailing(inward, sizes)], _central_names(inward, entries[int(first)])),
        )
        numbered = (f"Neighbourhood {at}" for at in count(1))
        available = (name for name in chain(wanted, numbered) if name.casefold() not in names)
        name = next(filter(None, available))
        names[name.casefold()] = name
    return tuple(names.values())


def _central_names(inward: Sequence[Entry], other: Entry) -> Iterator[str]:
    """Yield names from the terms of entries, the entry in the middle first."""
    short = [name for entry in inward if (name := _short_name(entry))]
    if short and (second := _short_name(other)) and not _shares_word(short[0], second):
        yield f"{short[0]} & {second}"
    yield from short


def _short_name(entry: Entry) -> str:
    """Return a term, or its abbreviation if it is too long for a name, or ""."""
    fitting = [name for name in (entry.term, *entry.aliases) if len(name) <= LONGEST]
    if fitting[:1] == [entry.term]:
        return entry.term
    return next((name for name in fitting if _abbreviates(name, entry.term)), "")


def _shares_word(one: str, other: str) -> bool:
    stems = ({phrase for phrase in phrases_of(name) if len(phrase) == 1} for name in (one, other))
    first, second = ({stem for (stem,) in own} for own in stems)
    return not first.isdisjoint(second)


def _prevailing(own: Sequence[Entry], sizes: Counter[str]) -> str:
    """Return the most common category of a neighbourhood, or "" if too few entries of the
    neighbourhood are in it, or too few entries of the category are in the neighbourhood."""
    ((category, most),) = Counter(entry.category for entry in own).most_common(1)
    return (
        category
        if most >= max(MIN_CATEGORY_SHARE * len(own), MIN_SHARE_OF_CATEGORY * sizes[category])
        else ""
    )


def _abbreviates(short: str, name: str) -> bool:
    initials = "".join(word[0] for word in name.replace("-", " ").split())
    return short.casefold() == initials.casefold()


def _for_display(name: str) -> str:
    name = capitalize_title(one_line(name))
    return name if len(name) <= LONGEST and name.isprintable() else ""
