"""The words of questions: which of them tell what is asked for, and which are misspelt."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.names import name_key

# Letters of a word in which letters may have changed places, one may be wrong, or two.
SWAPPED_FROM, ONE_FROM, TWO_FROM = 5, 6, 9
STEMS = 5_000  # that are remembered
OFTENER = 2  # times as often as a misspelt word, the right one is written
SHORT_LENGTHS = (3, 6)  # letters of an abbreviation, from and below
_SHORT = re.compile(r"\b[A-Z]{3,5}s?\b")
# Words that join others inside a name.
_JOINING = "a an and as by for in of on or the to with"
JOINING = frozenset(_JOINING.split())

# Words of questions, and words that people ask with whatever they ask about.
_ASKING = """
a able about actually after again all allowed already also always am an and another any anybody
anyone anything are aren't around as ask at be because been before being better between both but by
call called can can't cannot company compared could define definition describe did differ difference
different do does doesn't doing don't done e each either else even ever every example examples
exactly explain explained explanation few first for from g get gets getting give go goes going good
got had happen happens has have having he hello help her here hi how i i'd i'm i've if in instead
into is isn't it it's its just know let like long look made make makes making many may me mean
meaning means meant might more most much must my need needed needs never new no not now of off often
ok okay on once one only or other our ourselves out over own people please put rather really same
say see set she should show so some somebody someone something still such sure take tell than thank
thanks that that's the their them then there these they thing things this those to together too try
two under until up us use used useful uses using very vs versus want was wasn't way we well were
what what's when where whether which while who who's whom whose why will with without won't work
working works would wouldn't yes yet you your
"""
ASKING = frozenset(_ASKING.split())


class Wording:
    """What the words of some questions mean, by how others among them write: misspelt words, and
    abbreviations that another question writes out."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._right = _spelling(texts)
        self._long = _written_out(texts)

    def telling(self, text: str) -> list[str]:
        """The telling words of a question, rightly spelled and written out."""
        return [part for word in telling(text) for part in self.of(word) if tells(part)] or [text]

    def of(self, word: str) -> Sequence[str]:
        """The words that a word in lower case stands for: mostly itself."""
        for short in (word, word.removesuffix("s")):
            if short in self._long:
                return self._long[short]
        return (self._right.get(word, word),)


def _spelling(texts: Iterable[str]) -> dict[str, str]:
    """The misspelt words, each with the one that is meant: one that more of the texts have."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(telling(text)))
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for word, count in sorted(counts.items()):
        if count >= OFTENER:
            by_first[word[:1]].append(word)
    right: dict[str, str] = {}
    for word, count in counts.items():
        often = [one for one in by_first[word[:1]] if counts[one] >= OFTENER * count]
        meant = _meant(word, often)
        if meant:
            right[word] = meant
    return right


def _written_out(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The abbreviations in texts, in lower case, that are written out in one of them: SSO as
    single, sign and on."""
    short = {found.rstrip("s").casefold() for text in texts for found in _SHORT.findall(text)}
    long: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for text in texts if short else ():
        words = [part for word in cut(text) for part in word.split("-") if part]
        for row in (words, [word for word in words if word not in JOINING]):
            for start, first in enumerate(row):
                if not tells(first):
                    continue
                for length in range(*SHORT_LENGTHS):
                    part = tuple(row[start : start + length])
                    initials = "".join(word[0] for word in part)
                    if len(part) == length and initials in short and _names(part):
                        long[initials][part] += 1
    return {name: min(forms, key=lambda form: (-forms[form], form)) for name, forms in long.items()}


def _names(words: tuple[str, ...]) -> bool:
    """Whether words can be those of a name."""
    return all(tells(word) or word in JOINING for word in words)


def _meant(word: str, known: list[str]) -> str:
    """The word among `known` that `word` is misspelt from; empty where it is none."""
    if len(word) < SWAPPED_FROM:
        return ""
    wrong = 2 if len(word) >= TWO_FROM else 1
    close = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=wrong)
    if close is None or (len(word) < ONE_FROM and sorted(close[0]) != sorted(word)):
        return ""
    return str(close[0])


def cut(text: str) -> list[str]:
    """The words of a text in lower case, without the marks around them."""
    words = (_bare(word) for word in name_key(text).split())
    return [word for word in words if word]


def telling(text: str) -> list[str]:
    """The words of a question that tell what it asks for, in lower case; all of it where none
    does."""
    words = cut(text)
    return [word for word in words if tells(word)] or words or [text]


def tells(word: str) -> bool:
    """Whether a word in lower case tells what a question asks for."""
    return word not in ASKING


@lru_cache(STEMS)
def stem_of(word: str) -> str:
    """The stem of a word in lower case."""
    return str(_STEMMER.stemWord(word))


_STEMMER = Stemmer.Stemmer("english")


def _bare(word: str) -> str:
    return word.strip("'’\".,;:!?()[]{}<>*~|").removesuffix("'s").removesuffix("’s")
