"""A second space, made of nothing but the words of the index: latent semantic analysis.

Words that stand in the same entries come to lie together, and entries where their words do.
After Deerwester, Dumais, Furnas, Landauer and Harshman, "Indexing by Latent Semantic Analysis"
(1990), over the weights of BM25.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.store.words import WordIndex

DIMENSIONS = 128


@dataclass(frozen=True, slots=True, eq=False)
class Lsa:
    """The space of the entries whose words are in `words`: `axes` is `float32[k, w]`, what each
    word adds to each dimension, and `entries` is `float32[e, k]`, unit rows."""

    words: WordIndex
    axes: NDArray[np.float32]
    entries: NDArray[np.float32]

    @classmethod
    def of(cls, words: WordIndex, dimensions: int = DIMENSIONS) -> Lsa:
        """The space of `words`, of at most so many dimensions; the same words give the same
        space."""
        from scipy.sparse import diags_array
        from sklearn.utils.extmath import randomized_svd  # which takes a second to import

        weights = words.weights()
        lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
        weights = diags_array(1 / np.maximum(lengths, 1e-9)).astype(np.float32) @ weights
        _, _, axes = randomized_svd(weights, min(dimensions, *weights.shape), random_state=0)
        axes = np.asarray(axes, dtype=np.float32)
        return cls(words, axes, _unit(weights @ axes.T))

    def cosines(self, query: str) -> NDArray[np.float32] | None:
        """The cosine of every entry to `query`, `float32[e]`; None where no word of it is known."""
        point = self.axes @ self.words.weights_of(query)
        if not point.any():
            return None
        return np.asarray(np.clip(self.entries @ _unit(point), -1, 1), dtype=np.float32)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
