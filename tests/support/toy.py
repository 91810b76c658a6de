"""A toy embedder that puts texts with common words near each other. It is deterministic, fast and
offline, for tests that do not depend on meaning."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from index.embedding.embedder import CacheStats, Fingerprint, Vectors
from index.storage.lexical.bm25 import words_of

DIMENSIONS = 256
CACHED_WORDS = 10_000  # cached word directions: more than an index has words


class ToyEmbedder:
    """Adds up one fixed random direction per word; counts the texts that it embeds."""

    def __init__(self, name: str = "toy", dimensions: int = DIMENSIONS) -> None:
        self.name = name
        self.fingerprint = Fingerprint(name, f"weights of {name}", dimensions, 256, "", "")
        self.embedded = 0
        self.asked = 0

    @property
    def cache_stats(self) -> CacheStats:
        return CacheStats(0, self.asked)

    def shares(self, space: Fingerprint) -> bool:
        return space.key == self.fingerprint.key

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return self._vectors(texts)

    def documents(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        for start in range(0, len(texts), 8):
            positions = range(start, min(start + 8, len(texts)))
            self.embedded += len(positions)
            yield positions, self._vectors([texts[at] for at in positions])

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.fingerprint.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words_of(text) or [text]:
                rows[row] += self._direction(word)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(norms, 1e-9), dtype=np.float32)

    def _direction(self, word: str) -> Vectors:
        return _direction(self.name, word, self.fingerprint.dimensions)


@lru_cache(CACHED_WORDS)
def _direction(name: str, word: str, dimensions: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(f"{name} {word}".encode()).digest()[:8], "big")
    return np.asarray(np.random.default_rng(seed).standard_normal(dimensions), dtype=np.float32)
