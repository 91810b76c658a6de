"""The words of questions: which of them tell what is asked for, and which are misspelt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.names import name_key

# Letters of a word in which letters may have changed places, one may be wrong, or two.
SWAPPED_FROM, ONE_FROM, TWO_FROM = 5, 6, 9
OFTENER = 2  # times as often as a misspelt word, the right one is written

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


class Spelling:
    """Which words are other words misspelt, by what more of the questions write."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(telling(text)))
        by_first: defaultdict[str, list[str]] = defaultdict(list)
        for word, count in sorted(counts.items()):
            if count >= OFTENER:
                by_first[word[:1]].append(word)
        self._right: dict[str, str] = {}
        for word, count in counts.items():
            often = [one for one in by_first[word[:1]] if counts[one] >= OFTENER * count]
            meant = _meant(word, often)
            if meant:
                self._right[word] = meant

    def of(self, word: str) -> str:
        """The word that is meant: itself, where it is not misspelt."""
        return self._right.get(word, word)


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


@cache
def stem_of(word: str) -> str:
    """The stem of a word in lower case."""
    return str(_STEMMER.stemWord(word))


_STEMMER = Stemmer.Stemmer("english")


def _bare(word: str) -> str:
    return word.strip("'’\".,;:!?()[]{}<>*~|").removesuffix("'s").removesuffix("’s")
