"""What the neighbourhoods of a map are called: a category, or the words that tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.statistics.phrases import Weighed, capitalized, phrases_of, telling_phrases
from index.text import one_line

LONGEST = 28  # characters of a name
PREVAILS = 0.5  # share of a neighbourhood that is of one category, which then names it
OF_CATEGORY = 0.55  # share of the category that the neighbourhood then has, so that no other has it
IN_TERM = 5  # what a phrase counts in a term; it counts 1 in an alias or a definition
READ = 300  # characters of a definition
MIN_SHARE = 0.1  # of the entries that a phrase stands in


def named(entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32]) -> tuple[str, ...]:
    """A name for each neighbourhood of the `entries`, no two alike, of at most `LONGEST`
    characters: the category of most of its entries where that is clear, else what its entries
    speak of more than others do."""
    inside: list[list[Entry]] = [[] for _ in range(int(neighbourhood_of.max(initial=-1)) + 1)]
    for entry, number in zip(entries, neighbourhood_of.tolist(), strict=True):
        inside[number].append(entry)
    sizes = Counter(entry.category for entry in entries)
    told = telling_phrases([[_weighed(entry) for entry in own] for own in inside], MIN_SHARE)
    names: dict[str, str] = {}  # by what makes two of them alike
    for own, every in zip(inside, told, strict=True):
        phrases = [phrase for phrase in every if any(map(str.isalpha, phrase))]
        two = [
            f"{phrases[0]} & {other}"
            for other in phrases
            if set(phrases[0].split()).isdisjoint(other.split())
            and len(other) > 3
            and not _abbreviates(other, phrases[0])
        ]
        terms = [entry.term for entry in own]
        fitting = (
            name
            for name in map(_fitting, (_prevailing(own, sizes), *two, *phrases, *terms))
            if name and name.casefold() not in names
        )
        others = (f"Neighbourhood {at}" for at in count(1))
        name = next(fitting, "") or next(one for one in others if one.casefold() not in names)
        names[name.casefold()] = name
    return tuple(names.values())


def _prevailing(own: Sequence[Entry], sizes: Counter[str]) -> str:
    """The category of most entries of a neighbourhood, where those are a good share of all `sizes`
    that are of it; else empty."""
    ((category, most),) = Counter(entry.category for entry in own).most_common(1)
    return category if most >= max(PREVAILS * len(own), OF_CATEGORY * sizes[category]) else ""


def _abbreviates(short: str, name: str) -> bool:
    """Whether one name has the initials of the other."""
    initials = "".join(word[0] for word in name.replace("-", " ").split())
    return short.casefold() == initials.casefold()


def _fitting(name: str) -> str:
    """A name as it can be shown, or empty where it is too long or has nothing to show."""
    name = capitalized(one_line(name))
    return name if len(name) <= LONGEST and name.isprintable() else ""


def _weighed(entry: Entry) -> Weighed:
    """The phrases of an entry, written small but for abbreviations, with their weights."""
    texts = ((entry.definition[:READ], 1), (", ".join(entry.aliases), 1), (entry.term, IN_TERM))
    return {
        phrase: (" ".join(map(_plain, form.split())), weight)
        for text, weight in texts
        for phrase, form in phrases_of(text).items()
    }


def _plain(word: str) -> str:
    """A word with a small letter, but where it is an abbreviation or has capitals of its own."""
    return word if word[1:] != word[1:].lower() else word.lower()
