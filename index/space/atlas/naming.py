"""What the neighbourhoods of a map are called: by what they hold, as a person would."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.courtesy import paced
from index.entry import Entry
from index.text import one_line

LONGEST = 28  # characters of a name
PREVAILS = 0.6  # share of a neighbourhood that is of one category, which then names it
OF_CATEGORY = 0.4  # share of the category that the neighbourhood then has
WORDS = 3  # of a phrase, at most
IN_TERM, IN_ALIAS, IN_DEFINITION = 3.0, 1.0, 1.0  # what a phrase counts by where it stands
LONGER = (1.0, 1.5, 1.6)  # how much more a phrase of one, two or three words tells
COMMON = 0.3  # share of a neighbourhood's weight by which one phrase alone names it
READ = 300  # characters of a definition

_WORD = re.compile(r"[^\W_]+(?:['’+#&/.-]?[^\W_]+)*(?:\+\+|#)?")
# Words that join others, or that any definition may have.
_JOINING = frozenset(
    """
a about above across after again against all along also although always am among an and another any
anything apart are around as ask asking at away back based be because become becomes been before
being below between both but by can cannot change changes common could each e.g etc does doing done
down during e eg either every everything few first for form from full further gets give gives given
goes going good has have having he help helps her here how i i.e ie if in instead into is it its
itself just keep keeps kind know known large later less let lets like made main make makes making
many may means meant might more most much must need needs never new no nor not number of off often
on once one ones only or other others our out over own part parts per piece place possible put quite
rather really same see several shall she short should since single small so some someone something
state still such take takes term than that the their them then there these they thing things this
those through time to together too toward towards two type types under until up upon us use used
user uses using usually various very via was way ways we well were what when where whether which
while who whole whom whose why will with within without work working works would yet you your
""".split()
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
    count = int(neighbourhood_of.max(initial=-1)) + 1
    names = dict(kept or {})
    taken = {name.casefold() for name in names.values()}

    def take(number: int, candidates: Iterator[str]) -> None:
        for name in candidates:
            if name.casefold() not in taken:
                names[number] = name
                taken.add(name.casefold())
                return

    for number, category in _categories(entries, neighbourhood_of, count).items():
        if number not in names:
            take(number, iter([category]))
    missing = [number for number in range(count) if number not in names]
    if missing:
        telling = _Telling(entries, neighbourhood_of, count)
        for number in missing:
            take(number, telling.names(number))
    return tuple(names[number] for number in range(count))


def _categories(
    entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32], count: int
) -> dict[int, str]:
    """The categories that clearly prevail, by the number of the neighbourhood that has most of
    each."""
    whole = Counter(entry.category for entry in entries)
    here = [Counter[str]() for _ in range(count)]
    for entry, number in zip(entries, neighbourhood_of.tolist(), strict=True):
        here[number][entry.category] += 1
    found: dict[int, str] = {}
    for number, counts in enumerate(here):
        category, most = counts.most_common(1)[0] if counts else ("", 0)
        name = _fitting(category)
        if (
            name
            and most >= PREVAILS * counts.total()
            and most >= OF_CATEGORY * whole[category]
            and most == max(other[category] for other in here)
        ):
            found[number] = name
    return found


def _fitting(name: str) -> str:
    """A name as it can be shown, or empty where it is too long or has nothing to show."""
    name = one_line(name)
    return name if len(name) <= LONGEST else ""


class _Telling:
    """What the entries of each neighbourhood speak of more than those of others."""

    def __init__(
        self, entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32], count: int
    ) -> None:
        import Stemmer

        self._stem = Stemmer.Stemmer("english").stemWord
        self._weights = [Counter[Phrase]() for _ in range(count)]
        self._entries = [Counter[Phrase]() for _ in range(count)]
        self._forms: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
        self._sizes = np.bincount(neighbourhood_of, minlength=count)
        self._terms: list[list[str]] = [[] for _ in range(count)]
        for entry, number in paced(zip(entries, neighbourhood_of.tolist(), strict=True)):
            weights: dict[Phrase, float] = {}
            for text, weight in (
                (entry.term, IN_TERM),
                *((alias, IN_ALIAS) for alias in entry.aliases[:5]),
                (entry.definition[:READ], IN_DEFINITION),
            ):
                for phrase, form in self._phrases(text):
                    weights[phrase] = max(weight, weights.get(phrase, 0))
                    self._forms[phrase][form] += 3 if weight == IN_TERM else 1
            self._weights[number].update(weights)  # type: ignore[arg-type]
            self._entries[number].update(weights.keys())
            self._terms[number].append(entry.term)
        self._total = Counter[Phrase]()
        for counts in self._weights:
            self._total.update(counts)

    def names(self, number: int) -> Iterator[str]:
        """Names for a neighbourhood, the best first; the last ones are sure to be there."""
        scored = self._scored(number)
        phrases = [phrase for _, phrase in scored[:30]]
        if phrases:
            first = phrases[0]
            name = self._form(first)
            alone = self._entries[number][first] >= COMMON * self._sizes[number]
            others = [phrase for phrase in phrases[1:6] if not set(phrase) & set(first)]
            pairs = (f"{name} & {_lower(self._form(other))}" for other in others)
            joined = [pair for pair in pairs if len(pair) <= LONGEST]
            yield from [name, *joined] if alone else [*joined[:1], name, *joined[1:]]
        yield from (name for phrase in phrases[1:] if (name := self._form(phrase)))
        yield from (name for term in self._terms[number] if (name := _fitting(term)))
        yield f"Neighbourhood {number + 1}"

    def _scored(self, number: int) -> list[tuple[float, Phrase]]:
        """The phrases of a neighbourhood by how much they tell, the most first."""
        size, whole = int(self._sizes[number]), int(self._sizes.sum())
        scored = []
        for phrase, weight in self._weights[number].items():
            if self._entries[number][phrase] < min(2, size) or not self._form(phrase):
                continue
            here = weight / size
            everywhere = self._total[phrase] / whole
            tells = here * np.log2(here / everywhere) if size < whole else here
            scored.append((float(tells) * LONGER[len(phrase) - 1], phrase))
        return sorted(scored, key=lambda pair: (-pair[0], pair[1]))

    def _phrases(self, text: str) -> Iterator[tuple[Phrase, str]]:
        """The phrases in a text, each by its stems and as it is written."""
        words = _WORD.findall(one_line(text))
        keys = [word.casefold() for word in words]
        stems = [self._stem(key) for key in keys]
        fit = [_tells(key) for key in keys]
        for start in range(len(words)):
            for end in range(start + 1, min(start + WORDS, len(words)) + 1):
                if not fit[end - 1]:
                    break
                yield tuple(stems[start:end]), " ".join(words[start:end])

    def _form(self, phrase: Phrase) -> str:
        """How a phrase is mostly written, begun with a capital; empty where that is too long."""
        forms = self._forms[phrase]
        form = min(forms, key=lambda form: (-forms[form], form))
        form = _fitting(form)
        return form[:1].upper() + form[1:]


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in _JOINING and not word.isdigit()


def _lower(name: str) -> str:
    """A name after another one: with a small letter, but where it is an abbreviation."""
    first = name.split(maxsplit=1)[0]
    return name if first[1:] != first[1:].lower() else name[:1].lower() + name[1:]
