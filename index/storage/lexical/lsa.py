"""Latent semantic analysis: a second embedding space, computed only from the words in the index.

Words that occur in the same entries get similar vectors. After Deerwester, Dumais, Furnas, Landauer
and Harshman, "Indexing by Latent Semantic Analysis" (1990), with BM25 weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd

from index.storage.lexical.bm25 import WordIndex

DIMENSIONS = 128


@dataclass(frozen=True, slots=True, eq=False)
class Lsa:
    """The latent space of the entries in `words`. `axes` (`float32[k, w]`) is the contribution of
    each word to each dimension; `entries` is `float32[e, k]`, unit rows."""

    words: WordIndex
    axes: NDArray[np.float32]
    entries: NDArray[np.float32]

    @classmethod
    def of(cls, words: WordIndex, dimensions: int = DIMENSIONS) -> Lsa:
        """Compute a space of at most `dimensions` dimensions. Deterministic."""
        weights = normalize(words.weights())
        _, _, axes = randomized_svd(weights, min(dimensions, *weights.shape), random_state=0)
        return cls(words, np.asarray(axes, dtype=np.float32), normalize(weights @ axes.T))

    def cosines(self, query: str) -> NDArray[np.float32] | None:
        """Return the cosine of every entry to `query`, `float32[e]`, or None if `query` contains no
        known word."""
        point = self.axes @ self.words.weights_of(query)
        length = float(np.linalg.norm(point))
        if not length:
            return None
        return np.asarray(np.clip(self.entries @ (point / length), -1, 1), dtype=np.float32)
