"""Texts by their words, in a BM25 index; the only module that imports bm25s.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), in Lucene's
variant.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry, passages_of
from index.errors import IndexCorrupted

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Tokens = Callable[[str], list[str]]

# Letters and digits, with what tells C++ and C# from C.
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
NO_WORDS = " "  # a token that no text has
# Words of nearly every question, which tell nothing of what it is about.
_FRAME = """
a about am an and are as at be been being but by can could did do does for from had has have how i
if in into is it its me more most my no not of on or our should so some such than that the their
them then there these they this to up us was we were what when where which who why will with would
you your
"""
_FRAME_WORDS = frozenset(_FRAME.split())


class WordIndex:
    """Texts by their words; row i is the i-th text. Threads may share it."""

    def __init__(self, bm25: Any, tokens: Tokens) -> None:
        self._count = int(bm25.scores["num_docs"])
        self._numbers: dict[str, int] = bm25.vocab_dict  # of the tokens
        self._ends = bm25.scores["indptr"]  # those of token t begin at place t, and end at t + 1
        self._texts, self._weights = bm25.scores["indices"], bm25.scores["data"]
        self._tokens = tokens

    @classmethod
    def build(
        cls, texts: Sequence[Sequence[int]], numbers: Mapping[str, int], folder: Path
    ) -> NDArray[np.int64]:
        """Indexes texts (at least one) into `folder`, each given by the `numbers` of its tokens,
        0 and up (see `numbered`); in how many texts each token stands, `int64[w]`."""
        import bm25s
        from tqdm import tqdm  # type: ignore[import-untyped]

        # The lock that bm25s would have made is one between processes: a child that is ended
        # right after leaves it over, and Python warns of that on standard error.
        tqdm.set_lock(threading.RLock())
        bm25 = bm25s.BM25(method="lucene")
        # A text without words, such as an emoji, stands in the index as one that nobody asks for.
        vocabulary = {**numbers, NO_WORDS: len(numbers)}
        nothing = [len(numbers)]
        bm25.index(([text or nothing for text in texts], vocabulary), show_progress=False)
        bm25.save(str(folder), show_progress=False)
        ends: NDArray[np.int64] = np.asarray(bm25.scores["indptr"], dtype=np.int64)
        return (ends[1:] - ends[:-1])[: len(numbers)]

    @classmethod
    def open(cls, folder: Path, tokens: Tokens | None = None) -> WordIndex:
        """The index that `build` left in `folder`; questions are cut by `tokens` (else by
        `content_stems`), as the texts were."""
        import bm25s

        try:
            bm25 = bm25s.BM25.load(str(folder))
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise IndexCorrupted(
                f"The words of the index in {folder} cannot be read ({type(error).__name__})."
            ) from error
        return cls(bm25, tokens or content_stems())

    def __len__(self) -> int:
        return self._count

    def knows(self, word: str) -> bool:
        """Whether some text has a word of this stem."""
        return all(token in self._numbers for token in self._tokens(word))

    def scores(self, query: str) -> NDArray[np.float32]:
        """The BM25 score of every text, `float32[n]`, 0 and up."""
        scores = np.zeros(len(self), dtype=np.float32)
        for word in self._tokens(query):
            number = self._numbers.get(word)
            if number is not None:
                part = self._part(number)
                scores[self._texts[part]] += self._weights[part]
        return scores

    def _part(self, number: int) -> slice:
        """Where the texts that have the token with that number stand, each once and in order, and
        what it weighs in each."""
        return slice(self._ends[number], self._ends[number + 1])

    def weights(self) -> csr_array:
        """What each word weighs in each text, its BM25 score there: `float32[n, w]`, the words that
        some text has in alphabetical order."""
        from scipy.sparse import csc_array, csr_array  # take a while to import

        shape = len(self), len(self._ends) - 1
        parts = self._weights, self._texts, self._ends
        return csr_array(csc_array(parts, shape=shape)[:, self._columns], dtype=np.float32)

    def weights_of(self, query: str) -> NDArray[np.float32]:
        """What each word weighs in a question, by how rare it is among the texts: `float32[w]`, of
        the words that `weights` has; zeros where no word is known."""
        counts = np.diff(self._ends)
        found = np.zeros(len(counts), dtype=np.float32)
        for word in self._tokens(query):
            at = self._numbers.get(word)
            if at is not None:
                found[at] += np.log1p((len(self) - counts[at] + 0.5) / (counts[at] + 0.5))
        return found[self._columns]

    @cached_property
    def _columns(self) -> NDArray[np.int64]:
        """The numbers of the words that stand in a text, in alphabetical order: they were numbered
        as they came, and some came from texts that are gone."""
        there = set(np.flatnonzero(np.diff(self._ends)).tolist())
        words = sorted(self._numbers.items())
        return np.array([number for _, number in words if number in there], dtype=np.int64)


class Wording:
    """Cuts entries into tokens, which are numbered, and indexes them. An entry that is the same in
    two generations is cut once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._stems = content_stems()
        self._cut_once = cache(self._cut)

    def cut(self, entries: Iterable[Entry]) -> list[list[int]]:
        """The tokens of entries by their numbers."""
        return list(map(self._cut_once, entries))

    def index(self, entries: Iterable[Entry], folder: Path) -> None:
        """Indexes the words of whole entries: names and all passages."""
        WordIndex.build(self.cut(entries), self._numbers, folder)

    def _cut(self, entry: Entry) -> list[int]:
        texts = (entry.term, *entry.aliases, *(passage.text for passage in passages_of(entry)))
        numbers = self._numbers
        return [numbers.setdefault(one, len(numbers)) for one in self._stems("\n".join(texts))]


def numbered(texts: Iterable[Sequence[str]]) -> tuple[list[list[int]], dict[str, int]]:
    """Texts given by their tokens, with those numbered in the order in which they come; and the
    numbers."""
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(token, len(numbers)) for token in text] for text in texts]
    return rows, numbers


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, in order: `words_of("C++ isn't C") == ["c++", "isn",
    "t", "c"]`."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def stemmer() -> Callable[[list[str]], list[str]]:
    """What makes the stems of words."""
    import Stemmer

    stem: Callable[[list[str]], list[str]] = Stemmer.Stemmer("english").stemWords
    return stem


def stems() -> Tokens:
    """Every word of a text, stemmed: what a BM25 index usually holds."""
    stem = stemmer()
    return lambda text: list(stem(words_of(text)))


def content_words(text: str) -> list[str]:
    """The words that say what a text is about, in order; of a text that has only others, all."""
    words = words_of(text)
    return [word for word in words if word not in _FRAME_WORDS] or words


def content_stems() -> Tokens:
    """The stems of the content words of a text."""
    stem = stemmer()
    return lambda text: list(stem(content_words(text)))
