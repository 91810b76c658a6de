"""What the neighbourhoods of a map are called: a category, or the words that tell them apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, combinations, count
from math import log2

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.space.gap_names import ASKING, stem_of
from index.text import one_line, words_in

LONGEST = 28  # characters of a name
PREVAILS = 0.5  # share of a neighbourhood that is of one category, which then names it
OF_CATEGORY = 0.4  # share of the category that the neighbourhood then has
IN_TERM = 5  # what a phrase counts in a term; it counts 1 in an alias or a definition
LONGER = 1.5  # how much more a phrase of two words tells,
MODIFIER = 0.1  # and a word that stands before another one
SHORTENED = 0.3  # how much an abbreviation tells, which few can read
AGAIN = 0.5  # how much a phrase tells of which a word is in another name
READ = 300  # characters of a definition
ALIASES = 5  # of an entry
LEADING = 4  # phrases that may be in a name of two

# Words that any definition may have, beside those of questions.
_GENERAL = """across along among based common commonly during each etc full generally given instead
kind large left less part parts per piece place possible provide provides quite right several
similar single small something specific state take takes term thing through time together toward
towards two type types typically user users various via without"""
GENERAL = ASKING.union(_GENERAL.split())

Phrase = tuple[str, ...]


def named(entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32]) -> tuple[str, ...]:
    """A name for each neighbourhood of the `entries`, no two alike, of at most `LONGEST`
    characters: the category of most of its entries where that is clear, else what its entries
    speak of more than others do."""
    numbers = range(int(neighbourhood_of.max(initial=-1)) + 1)
    inside: list[list[Entry]] = [[] for _ in numbers]
    for entry, number in zip(entries, neighbourhood_of.tolist(), strict=True):
        inside[number].append(entry)
    names: dict[int, str] = {}
    taken: set[str] = set()

    def take(number: int, candidates: Iterable[str]) -> None:
        for name in candidates:
            if name and name.casefold() not in taken:
                names[number] = name
                taken.add(name.casefold())
                return

    prevailing = _prevailing(inside, Counter(entry.category for entry in entries))
    for number, category in enumerate(prevailing):
        if prevailing.count(category) == 1:
            take(number, [_fitting(category)])
    if len(names) < len(numbers):
        telling = _Telling(inside)
        for number in numbers:
            if number not in names:
                terms = (_fitting(entry.term) for entry in inside[number])
                others = (f"Neighbourhood {at}" for at in count(number + 1))
                take(number, chain(telling.names(number, names.values()), terms, others))
    return tuple(names[number] for number in numbers)


def _prevailing(inside: Sequence[Sequence[Entry]], whole: Counter[str]) -> list[str]:
    """The category of most entries of each neighbourhood, where those are a good share of the
    `whole`; else empty."""
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


class _Telling:
    """What the entries of each neighbourhood speak of more than those of others."""

    def __init__(self, inside: Sequence[Sequence[Entry]]) -> None:
        self._sizes = [len(entries) for entries in inside]
        self._weights = [defaultdict[Phrase, float](float) for _ in inside]
        self._total = defaultdict[Phrase, float](float)
        self._entries = [Counter[Phrase]() for _ in inside]
        self._forms: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
        for number, entry in ((at, entry) for at, own in enumerate(inside) for entry in own):
            weights: dict[Phrase, float] = {}
            for text, weight in _texts(entry):
                for phrase, form, tells in _phrases(text):
                    weights[phrase] = max(weight * tells, weights.get(phrase, 0))
                    self._forms[phrase][form] += weight
            for phrase, tells in weights.items():
                self._weights[number][phrase] += tells
                self._total[phrase] += tells
                self._entries[number][phrase] += 1

    def names(self, number: int, others: Iterable[str]) -> Iterator[str]:
        """Names for a neighbourhood, the best first: two phrases, then single ones. They share no
        word with the names of `others` where that can be."""
        used = {stem for name in others for phrase, *_ in _phrases(name) for stem in phrase}
        scored = self._scored(number, used)
        for one, other in combinations(scored[:LEADING], 2):
            if set(one).isdisjoint(other):
                first, second = sorted(
                    (one, other), key=lambda phrase: -self._entries[number][phrase]
                )
                yield _fitting(f"{self._form(first)} & {_plain(self._form(second))}")
        yield from map(self._form, scored)

    def _scored(self, number: int, used: Set[str]) -> list[Phrase]:
        """The phrases of a neighbourhood, those that tell most first."""
        size, whole = self._sizes[number], sum(self._sizes)
        uses = self._entries[number]
        scores: dict[Phrase, float] = {}
        for phrase, weight in self._weights[number].items():
            here, everywhere = weight / size, self._total[phrase] / whole
            score = here * max(0.0, log2(here / everywhere))
            score *= SHORTENED if self._form(phrase).isupper() else 1
            score *= AGAIN if not used.isdisjoint(phrase) else 1
            if uses[phrase] >= min(2, size):
                scores[phrase] = score
        parts = {
            part
            for phrase in scores
            for part in (phrase[1:], phrase[:-1])
            if uses[part] == uses[phrase]
        }
        return sorted(scores.keys() - parts, key=lambda phrase: (-scores[phrase], phrase))

    def _form(self, phrase: Phrase) -> str:
        """How a phrase is mostly written, begun with a capital; empty where that is too long."""
        forms = Counter[str]()
        for form, uses in self._forms[phrase].items():
            forms[" ".join(map(_plain, form.split()))] += uses
        form = _fitting(min(forms, key=lambda form: (-forms[form], form)))
        return form[:1].upper() + form[1:] if form.partition(" ")[0].islower() else form


def _texts(entry: Entry) -> Iterator[tuple[str, int]]:
    """The texts of an entry that name it or say what it is, each with what it counts."""
    yield entry.term, IN_TERM
    yield from ((alias, 1) for alias in entry.aliases[:ALIASES])
    yield entry.definition[:READ], 1


def _phrases(text: str) -> Iterator[tuple[Phrase, str, float]]:
    """The telling words of a text and each two that stand together, by their stems and as they are
    written, each with how much it tells: little where it modifies the next, as in "vector search"
    the vector does."""
    words = words_in(text)
    keys = [word.group().casefold() for word in words]
    for at, word in enumerate(words):
        if not _tells(keys[at]):
            continue
        after = words[at + 1] if at + 1 < len(words) and _tells(keys[at + 1]) else None
        joined = after is not None and word.string[word.end() : after.start()].isspace()
        yield (stem_of(keys[at]),), word.group(), MODIFIER if joined else 1
        if after is not None and joined:
            yield tuple(map(stem_of, keys[at : at + 2])), f"{word.group()} {after.group()}", LONGER


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in GENERAL and not word[0].isdigit()


def _plain(word: str) -> str:
    """A word with a small letter, but where it is an abbreviation or has capitals of its own."""
    return word if word[1:] != word[1:].lower() else word.lower()
