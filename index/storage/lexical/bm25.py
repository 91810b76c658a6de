"""BM25 over the words of texts. Only this module imports bm25s.

After Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), in Lucene's variant.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from tqdm import tqdm  # type: ignore[import-untyped] # tqdm has no types

from index.entry import Entry, passages_of
from index.errors import reading_index

Tokens = Callable[[str], list[str]]

# Letters and digits, and the suffix that distinguishes C++ and C# from C.
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
NAME_WEIGHT = 3  # times that the names of an entry count
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
        self._bm25 = bm25
        self._tokens = tokens

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]], folder: Path) -> None:
        """Write an index of texts (at least one, as tokens) into `folder`."""
        # tqdm's default lock is a multiprocessing lock. A child process that is killed leaks it,
        # and Python warns about the leak on standard error.
        tqdm.set_lock(threading.RLock())
        bm25 = bm25s.BM25(method="lucene")
        # A text without words, such as an emoji, gets a token that no query has.
        texts = [text or [NO_WORDS] for text in texts]
        numbers = {token: at for at, token in enumerate(sorted(set(chain.from_iterable(texts))))}
        rows = [[numbers[token] for token in text] for text in texts]
        bm25.index((rows, numbers), show_progress=False)
        bm25.save(str(folder), show_progress=False)

    @classmethod
    def open(cls, folder: Path, tokens: Tokens | None = None) -> WordIndex:
        """Open an index. `tokens` tokenizes queries (`content_stems` by default); it must be the
        tokenizer of the texts. Raises `IndexCorrupted` if the index cannot be read."""
        with reading_index(folder):
            return cls(bm25s.BM25.load(str(folder)), tokens or content_stems())

    def __len__(self) -> int:
        return int(self._bm25.scores["num_docs"])

    def knows(self, word: str) -> bool:
        """Return whether `word` is a stop word or all its tokens occur in texts of the index."""
        return word in _STOP_WORDS or all(
            token in self._bm25.vocab_dict for token in self._tokens(word)
        )

    def count(self, query: str) -> int:
        """Return the number of texts that contain a token of `query`."""
        return int(np.count_nonzero(self.scores(query)))

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return the BM25 score of each text for `query`, `float32[n]`."""
        tokens = self._bm25.get_tokens_ids(self._tokens(query))
        return np.asarray(self._bm25.get_scores_from_ids(tokens), dtype=np.float32)

    def weights(self) -> csr_array:
        """Return the BM25 weight of each token in each text, sparse `float32[n, w]`."""
        parts = [self._bm25.scores[name] for name in ("data", "indices", "indptr")]
        shape = len(self), len(parts[2]) - 1
        return csr_array(csc_array(tuple(parts), shape=shape), dtype=np.float32)

    def weights_of(self, query: str) -> NDArray[np.float32]:
        """Return the summed inverse document frequency of each token in a query, `float32[w]`."""
        counts = np.diff(self._bm25.scores["indptr"])
        found = np.zeros(len(counts), dtype=np.float32)
        for at in self._bm25.get_tokens_ids(self._tokens(query)):
            found[at] += np.log1p((len(self) - counts[at] + 0.5) / (counts[at] + 0.5))
        return found


def index_words(entries: Iterable[Entry], folder: Path) -> None:
    """Write a BM25 index of the entries into `folder`. Each has its names, `NAME_WEIGHT` times, and
    its passages."""
    tokens = content_stems()
    WordIndex.build(map(tokens, map(_whole, entries)), folder)


def _whole(entry: Entry) -> str:
    passages = dict.fromkeys(passage.text for passage in passages_of(entry))
    return "\n".join((*NAME_WEIGHT * (entry.term, *entry.aliases), *passages))


def words_of(text: str) -> list[str]:
    """Return the words in a text, in lower case: `words_of("C++ isn't C") == ["c++", "isn", "t",
    "c"]`."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def stems(words: Tokens = words_of) -> Tokens:
    """Return a tokenizer that stems the words from the tokenizer `words`."""
    stem = Stemmer.Stemmer("english").stemWords
    return lambda text: list(stem(words(text)))


def content_words(text: str) -> list[str]:
    """Return the words in a text without stop words, or all words if all are stop words."""
    words = words_of(text)
    return [word for word in words if word not in _STOP_WORDS] or words


def content_stems() -> Tokens:
    return stems(content_words)
