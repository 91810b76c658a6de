"""Synthetic unit vectors, entries for them, and the landmarks of an embedder."""

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry
from index.statistics.landmarks import Landmarks, landmark_texts


def scattered(count: int, seed: int = 0, dimensions: int = 16) -> NDArray[np.float32]:
    """Random unit vectors, `float32[count, dimensions]`."""
    rows = np.random.default_rng(seed).standard_normal((count, dimensions))
    return _unit(rows)


def clusters(sizes: list[int], seed: int = 0, dimensions: int = 16) -> NDArray[np.float32]:
    """Clusters of the given sizes in order, each around its own axis."""
    noise = np.random.default_rng(seed).standard_normal((sum(sizes), dimensions))
    axes = np.repeat(np.eye(dimensions)[: len(sizes)], sizes, axis=0)
    return _unit(axes + 0.1 * noise)


def entries(count: int) -> list[Entry]:
    return [Entry(id=f"e{at}", term=f"Term {at}", definition=f"It is {at}.") for at in range(count)]


def landmarks_of(embedder: Embedder) -> Landmarks:
    texts = landmark_texts()
    vectors = embed_documents(embedder, [one.text for one in texts])
    return Landmarks.of({one.digest: row for one, row in zip(texts, vectors, strict=True)})


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
