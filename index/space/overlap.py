"""Which words two short texts share, and what is left of each without them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import Stemmer

from index.names import name_key

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Words that hold a phrase together and say nothing of what it is about.
_GLUE = """
a an and are as at be by for from he her his i in into is it its my no not of off on one's or our
out she that the their they this to up was we with you your
"""
_GLUE_WORDS = frozenset(_GLUE.split())
_STEMMER = Stemmer.Stemmer("english")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two texts in a fixed order, whichever was named first, and their words in common.

    `shared` are the words of `first` that `second` has too, in any form; empty where there are
    none. `first_rest` and `second_rest` are the texts without these words, or the whole text
    where nothing would be left.
    """

    first: str
    second: str
    first_rest: str
    second_rest: str
    shared: str


def overlap(a: str, b: str) -> Overlap:
    """The words that two texts have in common: of “bank account” and “river banks”, “bank”."""
    first, second = sorted((a, b), key=lambda text: (name_key(text), text))
    common = stems(first) & stems(second)
    if not common:
        return Overlap(first, second, first, second, "")
    shared = " ".join(word for word in first.split() if stems(word) & common)
    return Overlap(first, second, _rest(first, common), _rest(second, common), shared)


def words_in(text: str) -> int:
    """How many words a text has."""
    return len(_words(text))


def stems(text: str) -> frozenset[str]:
    """The stems of the words that say what a text is about, such as {“bank”} for “the banks”."""
    return frozenset(
        _STEMMER.stemWord(word.removesuffix("'s"))
        for word in _words(text)
        if word not in _GLUE_WORDS
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(name_key(text))


def _rest(text: str, common: frozenset[str]) -> str:
    """A text without the words whose stems are all among `common`."""
    left = " ".join(word for word in text.split() if not (own := stems(word)) or not own <= common)
    return left if stems(left) else text
