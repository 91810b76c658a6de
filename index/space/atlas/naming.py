"""What the neighbourhoods of a map are called: by what they hold, as a person would."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.courtesy import paced
from index.entry import Entry
from index.text import one_line, words_in

LONGEST = 28  # characters of a name
PREVAILS = 0.5  # share of a neighbourhood that is of one category, which then names it
FEWER = 0.65  # share of those that another has at most, where it prevails as well
OF_CATEGORY = 0.4  # share of the category that the neighbourhood then has
WORDS = 3  # of a phrase, at most
IN_TERM, IN_ALIAS, IN_DEFINITION = 3, 1, 1  # what a phrase counts by where it stands
LONGER = (1.0, 1.5, 1.6)  # how much more a phrase of one, two or three words tells
NOUN = 0.25  # share of its uses without a word after it, from which a phrase stands by itself
MODIFIER = 0.25  # how much one tells that stands before other words only
IN_NAMES = 2.0  # how much more one tells that is in a term of the neighbourhood
SHORTENED = 0.3  # how much an abbreviation tells, which few can read
AGAIN = 0.7  # how much one tells that is in the name of another neighbourhood
SHARED = 0.3  # share of the entries that should speak of what names them,
ENOUGH = 6  # or so many entries
PLURAL = 0.15  # uses of the plural, against those of the singular, from which it is shown
SPECIAL = 1.25  # power of how much more it is spoken of here
HARDLY = 0.3  # that share where nothing fits beside it
ALONE = 0.5  # share of the entries by which one phrase alone names a neighbourhood
EQUAL = 0.7  # of that score, from which it always is
LEADING = 3  # phrases that may come first in a name
SECOND = 0.35  # of the score of the best phrase, from which another is named beside it
READ = 300  # characters of a definition
ASKED = 250  # entries of a neighbourhood that are read to name it, from all over it
ALIASES = 5  # of an entry
MANY = 1_000

# Words that join others, or that any definition may have.
_JOINING_WORDS = """
left mid right upper lower
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
"""
_JOINING = frozenset(_JOINING_WORDS.split())

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
            if name and name.casefold() not in taken:
                names[number] = name
                taken.add(name.casefold())
                return

    for number, category in _categories(entries, neighbourhood_of, count).items():
        if number not in names:
            take(number, iter([category]))
    missing = [number for number in range(count) if number not in names]
    if missing:
        telling = _Telling(*_asked(entries, neighbourhood_of, count), count)
        for number in missing:
            take(number, telling.names(number, names.values()))
    return tuple(names[number] for number in range(count))


def _categories(
    entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32], count: int
) -> dict[int, str]:
    """The categories that clearly prevail in one neighbourhood each, by its number."""
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
            and all(
                other[category] <= FEWER * most
                for other in here
                if other is not counts and other[category] >= PREVAILS * other.total()
            )
        ):
            found[number] = name
    return found


def _asked(
    entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32], count: int
) -> tuple[list[Entry], NDArray[np.int32]]:
    """Up to `ASKED` entries of each neighbourhood, evenly chosen, and the neighbourhood of each."""
    inside = [np.flatnonzero(neighbourhood_of == number) for number in range(count)]
    chosen = np.concatenate([own[:: -(-len(own) // ASKED) or 1] for own in inside])
    return [entries[at] for at in chosen.tolist()], neighbourhood_of[chosen]


def _fitting(name: str) -> str:
    """A name as it can be shown, or empty where it is too long or has nothing to show."""
    name = one_line(name)
    return name if len(name) <= LONGEST and name.isprintable() else ""


class _Telling:
    """What the entries of each neighbourhood speak of more than those of others."""

    def __init__(
        self, entries: Sequence[Entry], neighbourhood_of: NDArray[np.int32], count: int
    ) -> None:
        import Stemmer

        self._stem = Stemmer.Stemmer("english").stemWord
        self._weights = [Counter[Phrase]() for _ in range(count)]
        self._entries = [Counter[Phrase]() for _ in range(count)]
        self._named: list[set[Phrase]] = [set() for _ in range(count)]
        self._heads, self._uses = Counter[Phrase](), Counter[Phrase]()
        self._forms: defaultdict[Phrase, Counter[str]] = defaultdict(Counter)
        self._sizes = np.bincount(neighbourhood_of, minlength=count)
        self._terms: list[list[str]] = [[] for _ in range(count)]
        for entry, number in paced(zip(entries, neighbourhood_of.tolist(), strict=True)):
            weights: dict[Phrase, int] = {}
            for text, weight in _texts(entry):
                for phrase, form, is_head in self._phrases(text):
                    weights[phrase] = max(weight, weights.get(phrase, 0))
                    self._forms[phrase][form] += weight
                    self._uses[phrase] += weight
                    self._heads[phrase] += weight if is_head else 0
                    if weight == IN_TERM:
                        self._named[number].add(phrase)
            self._weights[number].update(weights)
            self._entries[number].update(weights.keys())
            self._terms[number].append(entry.term)
        self._total = Counter[Phrase]()
        for counts in self._weights:
            self._total.update(counts)

    def names(self, number: int, others: Iterable[str]) -> Iterator[str]:
        """Names for a neighbourhood, the best first, which share no word with those of the `others`
        where that can be; the last one is sure to be free."""
        used = {stem for name in others for phrase, *_ in self._phrases(name) for stem in phrase}
        scored = self._scored(number, used)
        for score, first in scored[:LEADING]:
            second = [
                (other_score, phrase)
                for other_score, phrase in scored
                if other_score >= SECOND * score and set(phrase).isdisjoint(first)
            ]
            pairs = [pair for _, phrase in second if (pair := self._pair(number, first, phrase))]
            needed = HARDLY if not pairs else 1 if second[0][0] >= EQUAL * score else ALONE
            if self._entries[number][first] >= needed * self._sizes[number] and self._noun(first):
                yield self._form(first)
            yield from pairs[:1]
        yield from (self._form(phrase) for _, phrase in scored)
        yield from (name for term in self._terms[number] if (name := _fitting(term)))
        yield from (f"Neighbourhood {at}" for at in range(number + 1, number + 2 + MANY))

    def _pair(self, number: int, one: Phrase, other: Phrase) -> str:
        """Two phrases as one name, first the one that more entries speak of; empty where they are
        too long together."""
        counts = self._entries[number]
        first, second = sorted((one, other), key=lambda phrase: -counts[phrase])
        return _fitting(f"{self._form(first)} & {_inside(self._form(second))}")

    def _noun(self, phrase: Phrase) -> bool:
        """Whether a phrase stands by itself, and not only before words that it modifies."""
        return self._heads[phrase] >= NOUN * self._uses[phrase]

    def _scored(self, number: int, used: Collection[str] = ()) -> list[tuple[float, Phrase]]:
        """The phrases of a neighbourhood by how much they tell, the most first."""
        size, whole = int(self._sizes[number]), int(self._sizes.sum())
        scored = []
        for phrase, weight in self._weights[number].items():
            if self._entries[number][phrase] < min(2, size) or not self._form(phrase):
                continue
            here, everywhere = weight / size, self._total[phrase] / whole
            tells = here * np.log2(here / everywhere) ** SPECIAL if here > everywhere else 0
            noun = self._heads[phrase] / self._uses[phrase]
            tells *= LONGER[len(phrase) - 1] * (MODIFIER + (1 - MODIFIER) * noun)
            tells *= min(1, self._entries[number][phrase] / min(SHARED * size, ENOUGH))
            if phrase in self._named[number]:
                tells *= IN_NAMES
            if self._form(phrase).isupper():
                tells *= SHORTENED
            if not set(phrase).isdisjoint(used):
                tells *= AGAIN
            scored.append((float(tells), phrase))
        parts = set(self._parts(number))
        whole_ones = [(score, phrase) for score, phrase in scored if phrase not in parts]
        return sorted(whole_ones, key=lambda pair: (-pair[0], pair[1]))

    def _parts(self, number: int) -> Iterator[Phrase]:
        """The phrases of a neighbourhood that stand in one longer phrase only."""
        counts = self._entries[number]
        for phrase, uses in counts.items():
            for part in (phrase[1:], phrase[:-1], phrase[1:-1], phrase[:1], phrase[-1:]):
                if part and part != phrase and uses > 1 and counts[part] == uses:
                    yield part

    def _phrases(self, text: str) -> Iterator[tuple[Phrase, str, bool]]:
        """The phrases in a text, each by its stems and as it is written, and whether nothing
        follows that it might modify, as in "vector search" the vector does."""
        words = words_in(text)
        keys = [word.group().casefold() for word in words]
        stems = [self._stem(key) for key in keys]
        fit = [_tells(key) for key in keys]
        joined = [
            fit[at] and fit[at + 1] and text_between.isspace()
            for at, text_between in enumerate(
                word.string[word.end() : after.start()] for word, after in pairwise(words)
            )
        ]
        joined.append(False)
        for start in range(len(words)):
            for end in range(start + 1, min(start + WORDS, len(words)) + 1):
                if not fit[end - 1]:
                    break
                form = " ".join(word.group() for word in words[start:end])
                yield tuple(stems[start:end]), form, not joined[end - 1]
                if not joined[end - 1]:
                    break

    def _form(self, phrase: Phrase) -> str:
        """How a phrase is mostly written, begun with a capital; empty where that is too long."""
        forms = Counter[str]()
        for form, uses in self._forms[phrase].items():
            forms[" ".join(map(_plain, form.split()))] += uses
        form = min(forms, key=lambda form: (-forms[form], form))
        if forms[f"{form}s"] >= PLURAL * forms[form]:
            form += "s"
        form = _fitting(form)
        first = form.split(maxsplit=1)[0] if form else ""
        return form if first != first.lower() else form[:1].upper() + form[1:]


def _texts(entry: Entry) -> Iterator[tuple[str, int]]:
    """The texts of an entry that name it or say what it is, each with what it counts."""
    yield entry.term, IN_TERM
    yield from ((alias, IN_ALIAS) for alias in entry.aliases[:ALIASES])
    yield entry.definition[:READ], IN_DEFINITION


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in _JOINING and not word[0].isdigit()


def _plain(word: str) -> str:
    """A word with a small letter, but where it is an abbreviation or has capitals of its own."""
    return word if word[1:] != word[1:].lower() else word.lower()


def _inside(name: str) -> str:
    """A name after another one."""
    first, *rest = name.split()
    return " ".join([_plain(first), *rest])
