"""BM25 over the words of texts. Only this module imports bm25s.

After Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), in Lucene's variant.
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

# Letters and digits, and the suffix that distinguishes C++ and C# from C.
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
NO_WORDS = " "  # a token that occurs in no text
# Stop words in questions: words that say nothing about the topic.
_STOP_WORD_LIST = """
a about am an and are as at be been being but by can could did do does for from had has have how i
if in into is it its me more most my no not of on or our should so some such than that the their
them then there these they this to up us was we were what when where which who why will with would
you your
"""
_STOP_WORDS = frozenset(_STOP_WORD_LIST.split())


class WordIndex:
    """A BM25 index of texts; row i is the i-th text. Thread-safe."""

    def __init__(self, bm25: Any, tokens: Tokens) -> None:
        self._count = int(bm25.scores["num_docs"])
        self._numbers: dict[str, int] = bm25.vocab_dict  # token to column
        self._ends = bm25.scores["indptr"]  # column pointers (CSC): token t has ends[t]:ends[t + 1]
        self._texts, self._weights = bm25.scores["indices"], bm25.scores["data"]
        self._tokens = tokens

    @classmethod
    def build(
        cls, texts: Sequence[Sequence[int]], numbers: Mapping[str, int], folder: Path
    ) -> NDArray[np.int64]:
        """Write an index of texts (at least one, as token numbers; see `number_tokens`) into
        `folder`. Returns the document frequency of each token, `int64[w]`."""
        import bm25s
        from tqdm import tqdm  # type: ignore[import-untyped]

        # tqdm's default lock is a multiprocessing one: a child that is killed right after leaks it,
        # and Python warns about that on standard error.
        tqdm.set_lock(threading.RLock())
        bm25 = bm25s.BM25(method="lucene")
        # A text without words, such as an emoji, gets a token that no query has.
        vocabulary = {**numbers, NO_WORDS: len(numbers)}
        nothing = [len(numbers)]
        bm25.index(([text or nothing for text in texts], vocabulary), show_progress=False)
        bm25.save(str(folder), show_progress=False)
        ends: NDArray[np.int64] = np.asarray(bm25.scores["indptr"], dtype=np.int64)
        return (ends[1:] - ends[:-1])[: len(numbers)]

    @classmethod
    def open(cls, folder: Path, tokens: Tokens | None = None) -> WordIndex:
        """Open an index. `tokens` tokenizes queries (`content_stems` by default); it must be the
        tokenizer of the texts."""
        import bm25s

        try:
            bm25 = bm25s.BM25.load(str(folder))
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise IndexCorrupted(
                f"The BM25 index in {folder} cannot be read ({type(error).__name__})."
            ) from error
        return cls(bm25, tokens or content_stems())

    def __len__(self) -> int:
        return self._count

    def knows(self, word: str) -> bool:
        return all(token in self._numbers for token in self._tokens(word))

    def scores(self, query: str) -> NDArray[np.float32]:
        scores = np.zeros(len(self), dtype=np.float32)
        for word in self._tokens(query):
            number = self._numbers.get(word)
            if number is not None:
                postings = slice(self._ends[number], self._ends[number + 1])
                scores[self._texts[postings]] += self._weights[postings]
        return scores

    def weights(self) -> csr_array:
        """Return the BM25 weight of each word in each text, `float32[n, w]`. The columns are the
        words in the texts, in alphabetical order."""
        from scipy.sparse import csc_array, csr_array

        shape = len(self), len(self._ends) - 1
        parts = self._weights, self._texts, self._ends
        return csr_array(csc_array(parts, shape=shape)[:, self._columns], dtype=np.float32)

    def weights_of(self, query: str) -> NDArray[np.float32]:
        """Return the summed inverse document frequency of each word in a query, `float32[w]`. The
        columns are those of `weights`."""
        counts = np.diff(self._ends)
        found = np.zeros(len(counts), dtype=np.float32)
        for word in self._tokens(query):
            at = self._numbers.get(word)
            if at is not None:
                found[at] += np.log1p((len(self) - counts[at] + 0.5) / (counts[at] + 0.5))
        return found[self._columns]

    @cached_property
    def _columns(self) -> NDArray[np.int64]:
        """Return the token numbers of the words in the texts, in alphabetical order. The vocabulary
        also has tokens of removed texts."""
        there = set(np.flatnonzero(np.diff(self._ends)).tolist())
        words = sorted(self._numbers.items())
        return np.array([number for _, number in words if number in there], dtype=np.int64)


class LexicalIndexer:
    """Tokenizes and indexes entries. An entry shared by two generations is tokenized only once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._stems = content_stems()
        self._cut_once = cache(self._cut)

    def cut(self, entries: Iterable[Entry]) -> list[list[int]]:
        return list(map(self._cut_once, entries))

    def index(self, entries: Iterable[Entry], folder: Path) -> None:
        """Index the words of whole entries: their names and all passages."""
        WordIndex.build(self.cut(entries), self._numbers, folder)

    def _cut(self, entry: Entry) -> list[int]:
        texts = (entry.term, *entry.aliases, *(passage.text for passage in passages_of(entry)))
        numbers = self._numbers
        return [numbers.setdefault(one, len(numbers)) for one in self._stems("\n".join(texts))]


def number_tokens(texts: Iterable[Sequence[str]]) -> tuple[list[list[int]], dict[str, int]]:
    """Return each text as token numbers, and the number of each token, from 0 in order of
    occurrence."""
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(token, len(numbers)) for token in text] for text in texts]
    return rows, numbers


def words_of(text: str) -> list[str]:
    """Return the words in a text, in lower case: `words_of("C++ isn't C") == ["c++", "isn", "t",
    "c"]`."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def stems(words: Tokens = words_of) -> Tokens:
    """Return a tokenizer that stems the words from the tokenizer `words`."""
    import Stemmer

    stem = Stemmer.Stemmer("english").stemWords
    return lambda text: list(stem(words(text)))


def content_words(text: str) -> list[str]:
    """Return the words in a text without stop words, or all words if all are stop words."""
    words = words_of(text)
    return [word for word in words if word not in _STOP_WORDS] or words


def content_stems() -> Tokens:
    return stems(content_words)
