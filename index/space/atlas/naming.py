"""What the neighbourhoods of a map are called: a category, or the words that tell them apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, combinations, count, pairwise
from math import log2

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.space.gap_words import ASKING, stem_of
from index.text import one_line, words_in

LONGEST = 28  # characters of a name
PREVAILS = 0.5  # share of a neighbourhood that is of one category, which then names it
OF_CATEGORY = 0.4  # share of the category that the neighbourhood then has
IN_TERM = 3  # what a phrase counts in a term; it counts 1 in an alias or a definition
LONGER = 1.5  # how much more a phrase of two words tells
SHORTENED = 0.3  # how much an abbreviation tells, which few can read
AGAIN = 0.5  # how much a phrase tells of which a word is in another name
READ = 300  # characters of a definition
ALIASES = 5  # of an entry
LEADING = 4  # phrases that may be in a name of two

# Words that any definition may have, beside those of questions.
GENERAL = ASKING | frozenset(
    """across along among based common commonly during each etc full generally given instead kind
    large left less part parts per piece place possible provide provides quite right several similar
    single small something specific state take takes term thing through time together toward towards
    two type types typically user users various via without""".split()
)

Phrase = tuple[str, ...]


def named(
    entries: Sequence[Entry],
    neighbourhood_of: NDArray[np.int32],
    kept: dict[int, str] | None = None,
) -> tuple[str, ...]:
    """A name for each neighbourhood of the `entries`, no two alike, of at most `LONGEST`
    characters: the category of most of its entries where that is clear, else what its entries
    speak of more than others do. Names in `kept` stay, by number."""
    numbers = range(int(neighbourhood_of.max(initial=-1)) + 1)
    inside = [[entries[at] for at in np.flatnonzero(neighbourhood_of == number)] for number in numbers]
    names = dict(kept or {})
    taken = {name.casefold() for name in names.values()}

    def take(number: int, candidates: Iterable[str]) -> None:
        for name in candidates:
            if name and name.casefold() not in taken:
                names[number] = name
                taken.add(name.casefold())
                return

    whole = Counter(entry.category for entry in entries)
    for number in numbers:
        if number not in names:
            take(number, _categories(inside[number], whole))
    if len(names) < len(numbers):
        telling = _Telling(inside)
        for number in numbers:
            if number not in names:
                terms = (_fitting(entry.term) for entry in inside[number])
                others = (f"Neighbourhood {at}" for at in count(number + 1))
                take(number, chain(telling.names(number, names.values()), terms, others))
    return tuple(names[number] for number in numbers)


def _categories(inside: Sequence[Entry], whole: Counter[str]) -> Iterator[str]:
    """The category that prevails in a neighbourhood, where it has a good share of the `whole`."""
    for category, most in Counter(entry.category for entry in inside).most_common(1):
        if most >= max(PREVAILS * len(inside), OF_CATEGORY * whole[category]):
            yield _fitting(category)


def _fitting(name: str) -> str:
    """A name as it can be shown, or empty where it is too long or has nothing to show."""
    name = one_line(name)
    return name if len(name) <= LONGEST and name.isprintable() else ""


class _Telling:
    """What the entries of each neighbourhood speak of more than those of others."""

    def __init__(self, inside: Sequence[Sequence[Entry]]) -> None:
        self._sizes = [len(entries) for entries in inside]
        self._weights = [Counter[Phrase]() for _ in inside]
        self._entries = [Counter[Phrase]() for _ in inside]
        self._forms: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
        for number, entry in ((at, entry) for at, own in enumerate(inside) for entry in own):
            weights: dict[Phrase, int] = {}
            for text, weight in _texts(entry):
                for phrase, form in _phrases(text):
                    weights[phrase] = max(weight, weights.get(phrase, 0))
                    self._forms[phrase][form] += weight
            self._weights[number].update(weights)
            self._entries[number].update(weights.keys())
        self._total = sum(self._weights, Counter[Phrase]())

    def names(self, number: int, others: Iterable[str]) -> Iterator[str]:
        """Names for a neighbourhood, the best first: two phrases, then single ones. They share no
        word with the names of `others` where that can be."""
        used = {stem for name in others for phrase, _ in _phrases(name) for stem in phrase}
        scored = self._scored(number, used)
        for one, other in combinations(scored[:LEADING], 2):
            if set(one).isdisjoint(other):
                first, second = sorted((one, other), key=lambda phrase: -self._entries[number][phrase])
                yield _fitting(f"{self._form(first)} & {_plain(self._form(second))}")
        yield from map(self._form, scored)

    def _scored(self, number: int, used: Collection[str]) -> list[Phrase]:
        """The phrases of a neighbourhood, those that tell most first."""
        size, whole = self._sizes[number], sum(self._sizes)
        uses = self._entries[number]
        scores: dict[Phrase, float] = {}
        for phrase, weight in self._weights[number].items():
            here, everywhere = weight / size, self._total[phrase] / whole
            score = here * max(0.0, log2(here / everywhere)) * LONGER ** (len(phrase) - 1)
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
        return form[:1].upper() + form[1:] if form == form.lower() else form


def _texts(entry: Entry) -> Iterator[tuple[str, int]]:
    """The texts of an entry that name it or say what it is, each with what it counts."""
    yield entry.term, IN_TERM
    yield from ((alias, 1) for alias in entry.aliases[:ALIASES])
    yield entry.definition[:READ], 1


def _phrases(text: str) -> Iterator[tuple[Phrase, str]]:
    """The telling words of a text and each two that stand together, by their stems and as they are
    written."""
    words = words_in(text)
    stems = [stem_of(word.group().casefold()) for word in words]
    tells = [_tells(word.group().casefold()) for word in words]
    for at, word in enumerate(words):
        if tells[at]:
            yield (stems[at],), word.group()
    for at, (one, other) in enumerate(pairwise(words)):
        if tells[at] and tells[at + 1] and one.string[one.end() : other.start()].isspace():
            yield (stems[at], stems[at + 1]), f"{one.group()} {other.group()}"


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in GENERAL and not word[0].isdigit()


def _plain(word: str) -> str:
    """A word with a small letter, but where it is an abbreviation or has capitals of its own."""
    return word if word[1:] != word[1:].lower() else word.lower()
