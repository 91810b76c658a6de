"""What the neighbourhoods of a map are called: a category, or the words that tell them apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, combinations, count
from math import log2

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.space.gap_names import ASKING, Phrase, phrases_of
from index.text import one_line

LONGEST = 28  # characters of a name
PREVAILS = 0.5  # share of a neighbourhood that is of one category, which then names it
OF_CATEGORY = 0.4  # share of the category that the neighbourhood then has
IN_TERM = 5  # what a phrase counts in a term; it counts 1 in an alias or a definition
LONGEST_PHRASE = 2  # words
LONGER = 1.5  # how much more a phrase of two words tells
READ = 300  # characters of a definition
ALIASES = 5  # of an entry
LEADING = 4  # phrases that may be in a name

# Words that any definition may have, beside those of questions.
_GENERAL = """across along among based common commonly during each etc full generally given instead
kind large left less part parts per piece place possible provide provides quite right several
similar single small something specific state take takes term thing through time together toward
towards two type types typically user users various via without"""
GENERAL = ASKING.union(_GENERAL.split())


def named(entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32]) -> tuple[str, ...]:
    """A name for each neighbourhood of the `entries`, no two alike, of at most `LONGEST`
    characters: the category of most of its entries where that is clear, else what its entries
    speak of more than others do."""
    numbers = range(int(neighbourhood_of.max(initial=-1)) + 1)
    inside: list[list[Entry]] = [[] for _ in numbers]
    for entry, number in zip(entries, neighbourhood_of.tolist(), strict=True):
        inside[number].append(entry)
    names: list[str] = []
    prevailing = [_fitting(one) for one in _prevailing(inside, entries)]
    keys = [name.casefold() for name in prevailing]
    taken = set(keys)
    for number, told in enumerate(_told(inside)):
        terms = (_fitting(entry.term) for entry in inside[number])
        others = (f"Neighbourhood {at}" for at in count(number + 1))
        free = (name for name in chain(told, terms, others) if name.casefold() not in taken)
        is_clear = prevailing[number] and keys.count(keys[number]) == 1
        names.append(prevailing[number] if is_clear else next(filter(None, free)))
        taken.add(names[-1].casefold())
    return tuple(names)


def _prevailing(inside: Sequence[Sequence[Entry]], entries: Sequence[Entry]) -> list[str]:
    """The category of most entries of each neighbourhood, where those are a good share of
    all that are of it; else empty."""
    whole = Counter(entry.category for entry in entries)
    found = []
    for own in inside:
        (category, most), *_ = Counter(entry.category for entry in own).most_common(1)
        prevails = most >= max(PREVAILS * len(own), OF_CATEGORY * whole[category])
        found.append(category if prevails else "")
    return found


def _fitting(name: str) -> str:
    """A name as it can be shown, or empty where it is too long or has nothing to show."""
    name = one_line(name)
    return name if len(name) <= LONGEST and name.isprintable() else ""


def _phrases_of(entry: Entry) -> dict[Phrase, tuple[str, int]]:
    """The telling phrases of an entry by their stems, each as it is written and with its weight."""
    texts = [(entry.definition[:READ], 1), *((alias, 1) for alias in entry.aliases[:ALIASES])]
    return {
        phrase: (form, weight)
        for text, weight in (*texts, (entry.term, IN_TERM))
        for phrase, form in phrases_of(text, LONGEST_PHRASE).items()
        if not any(len(word) < 2 or word in GENERAL for word in form.casefold().split())
    }


def _told(inside: Sequence[Sequence[Entry]]) -> list[list[str]]:
    """Names for each neighbourhood, the best first: two phrases that its entries have and those of
    others have not, then single ones."""
    weights = [Counter[Phrase]() for _ in inside]
    uses = [Counter[Phrase]() for _ in inside]
    forms: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
    for number, entry in ((at, entry) for at, own in enumerate(inside) for entry in own):
        for phrase, (form, weight) in _phrases_of(entry).items():
            weights[number][phrase] += weight
            uses[number][phrase] += 1
            forms[phrase][form] += weight
    total = sum(weights, Counter[Phrase]())
    whole = sum(map(len, inside))
    names = []
    for own, used, entries in zip(weights, uses, inside, strict=True):
        scores = {}
        for phrase, weight in own.items():
            here, everywhere = weight / len(entries), total[phrase] / whole
            if used[phrase] >= min(2, len(entries)):
                scores[phrase] = here * log2(here / everywhere) * LONGER ** (len(phrase) - 1)
        parts = {part for two in scores for part in (two[1:], two[:-1]) if used[part] == used[two]}
        best = sorted(scores.keys() - parts, key=lambda phrase: (-scores[phrase], phrase))[:LEADING]
        written = {
            phrase: " ".join(map(_plain, max(forms[phrase], key=forms[phrase].__getitem__).split()))
            for phrase in best
        }
        two = [
            f"{written[one]} & {written[other]}"
            for one, other in combinations(best, 2)
            if set(one).isdisjoint(other)
        ]
        names.append([_capital(_fitting(name)) for name in (*two, *written.values())])
    return names


def _capital(name: str) -> str:
    """A name begun with a capital, unless it has capitals of its own."""
    return name[:1].upper() + name[1:] if name.partition(" ")[0].islower() else name


def _plain(word: str) -> str:
    """A word with a small letter, but where it is an abbreviation or has capitals of its own."""
    return word if word[1:] != word[1:].lower() else word.lower()
