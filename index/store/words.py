"""The words of passages, in a BM25 index; the only module that imports bm25s.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), in Lucene's
variant, over stemmed words.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreDamaged

# Letters and digits, with what tells C++ and C# from C.
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")


class WordIndex:
    """The passages of one generation by their words; row i is the i-th passage. Threads may
    share it."""

    def __init__(self, bm25: Any) -> None:
        self._bm25 = bm25
        self._stem = _stemmer()

    @classmethod
    def build(cls, texts: Sequence[str], folder: Path) -> None:
        """Indexes `texts` (at least one) into `folder`."""
        import bm25s
        from tqdm import tqdm  # type: ignore[import-untyped]

        # The lock that bm25s would have made is one between processes: a child that is ended
        # right after leaves it over, and Python warns of that on standard error.
        tqdm.set_lock(threading.RLock())
        stem = _stemmer()
        bm25 = bm25s.BM25(method="lucene")
        # A text without words, such as an emoji, stands in the index as itself.
        words = [stem(words_of(text) or [text or " "]) for text in texts]
        bm25.index(words, show_progress=False)
        bm25.save(str(folder), show_progress=False)

    @classmethod
    def open(cls, folder: Path) -> WordIndex:
        """The index that `build` left in `folder`."""
        import bm25s

        try:
            return cls(bm25s.BM25.load(str(folder)))
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise StoreDamaged(
                f"The words of the index in {folder} cannot be read ({type(error).__name__}).",
                "Build it anew with: nearsay index --full",
            ) from error

    def __len__(self) -> int:
        return int(self._bm25.scores["num_docs"])

    def scores(self, query: str) -> NDArray[np.float32]:
        """The BM25 score of every passage, `float32[n]`, 0 and up."""
        words = self._stem(words_of(query))
        known = [word for word in words if word in self._bm25.vocab_dict]
        if not known:
            return np.zeros(len(self), dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)


def prepare() -> None:
    """Imports what takes long, ahead of the first index."""
    import bm25s  # noqa: F401
    import Stemmer  # noqa: F401


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, in order: `words_of("C++ isn't C") == ["c++", "isn",
    "t", "c"]`."""
    return _WORD.findall(text.casefold())


def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english").stemWords
