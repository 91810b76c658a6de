"""Name the neighbourhoods of a map by a category or by distinctive phrases."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.statistics.phrases import (
    WeightedPhrases,
    capitalize_title,
    distinctive_phrases,
    phrases_of,
)
from index.text import one_line

LONGEST = 28  # characters of a name
# Minimum shares for a neighbourhood to be named after a category.
MIN_CATEGORY_SHARE = 0.5  # of the neighbourhood in the category
MIN_SHARE_OF_CATEGORY = 0.55  # of the category in the neighbourhood
TERM_WEIGHT = 5  # weight of a phrase in a term; it is 1 in an alias or a definition
MAX_DEFINITION_CHARACTERS = 300
MIN_PHRASE_SHARE = 0.1
MIN_SECOND_NAME = 4  # characters


def name_neighbourhoods(
    entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32]
) -> tuple[str, ...]:
    """Return a unique name of at most `LONGEST` characters for each neighbourhood: its prevailing
    category, or else its most distinctive phrases, or else one of its terms.
    `neighbourhood_of` (`int32[e]`) are the neighbourhood numbers of the entries."""
    inside: list[list[Entry]] = [[] for _ in range(int(neighbourhood_of.max(initial=-1)) + 1)]
    for entry, number in zip(entries, neighbourhood_of.tolist(), strict=True):
        inside[number].append(entry)
    sizes = Counter(entry.category for entry in entries)
    best = distinctive_phrases(
        [[_weighted_phrases(entry) for entry in own] for own in inside], MIN_PHRASE_SHARE
    )
    names: dict[str, str] = {}
    for own, every in zip(inside, best, strict=True):
        phrases = [phrase for phrase in every if any(map(str.isalpha, phrase))]
        if phrases and len(phrases[0]) > LONGEST:
            short = [phrase for phrase in phrases if _abbreviates(phrase, phrases[0])]
            phrases = [*short, *phrases[1:]]
        two = [
            f"{phrases[0]} & {other}"
            for other in phrases
            if set(phrases[0].split()).isdisjoint(other.split())
            and len(other) >= MIN_SECOND_NAME
            and not _abbreviates(other, phrases[0])
        ]
        terms = [entry.term for entry in own]
        wanted = map(_for_display, (_prevailing(own, sizes), *two, *phrases, *terms))
        numbered = (f"Neighbourhood {at}" for at in count(1))
        available = (name for name in chain(wanted, numbered) if name.casefold() not in names)
        name = next(filter(None, available))
        names[name.casefold()] = name
    return tuple(names.values())


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


def _weighted_phrases(entry: Entry) -> WeightedPhrases:
    texts = (
        (entry.definition[:MAX_DEFINITION_CHARACTERS], 1),
        (", ".join(entry.aliases), 1),
        (entry.term, TERM_WEIGHT),
    )
    return {
        phrase: (" ".join(map(_lowered, form.split())), weight)
        for text, weight in texts
        for phrase, form in phrases_of(text).items()
    }


def _lowered(word: str) -> str:
    return word if word[1:] != word[1:].lower() else word.lower()
