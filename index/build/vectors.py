"""The vectors that a generation needs, from the ledger or the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from index.embedding.embedder import Embedder
from index.entry import Passage
from index.progress import Progress
from index.statistics.background import Background, background_texts
from index.storage.bundled_vectors import bundled_vectors
from index.storage.db import Ledger
from index.storage.embedding_cache import embedded, get_or_embed, known_vectors

Add = Callable[[Sequence[int], np.ndarray], None]
"""Takes the rows of passages and their vectors (`float32[k, d]`)."""

VECTORS_PER_CALL = 512  # vectors per call of `Add`


def embed_missing(
    ledger: Ledger,
    embedder: Embedder,
    passages: Sequence[Passage],
    add: Add,
    tell: Progress,
    *,
    full: bool = False,
) -> int:
    """Pass the vectors of all passages to `add`, known ones first; return how many texts were
    embedded.

    Vectors are saved as they come, so an interrupted reindex does not lose them. With `full`, every
    text is embedded.
    """
    space = embedder.fingerprint.key
    rows_of: dict[str, list[int]] = {}  # rows of the passages with the same text
    for row, passage in enumerate(passages):
        rows_of.setdefault(passage.digest, []).append(row)
    missing = list(rows_of)
    if not full:
        known = known_vectors(ledger.vectors, space, missing)
        _add(add, rows_of, known)
        missing = [digest for digest in missing if digest not in known]
    texts = {digest: passages[rows_of[digest][0]].embedded for digest in missing}
    for part, vectors in embedded(ledger.vectors, embedder, texts, partial(tell, "embedding")):
        _add(add, rows_of, dict(zip(part, vectors, strict=True)))
    return len(missing)


def count_unknown(ledger: Ledger, space: str, passages: Iterable[Passage]) -> int:
    """Count the passage texts that have no vector in the space of that key."""
    digests = {passage.digest for passage in passages}
    missing = digests.difference(ledger.vectors.get(space, list(digests)))
    return len(missing) - len(bundled_vectors(space, missing))


def background_of(ledger: Ledger, embedder: Embedder, tell: Progress) -> Background:
    """Return the background, whose texts are embedded the first time a model is used."""
    texts = {one.digest: one.text for one in background_texts()}
    report = partial(tell, "background")
    known = get_or_embed(ledger.vectors, embedder, texts, report)
    return Background.of(known, embedder.fingerprint.dimensions)


def _add(
    add: Add,
    rows_of: Mapping[str, Sequence[int]],
    vectors: Mapping[str, np.ndarray],
) -> None:
    rows = [(row, vector) for digest, vector in vectors.items() for row in rows_of[digest]]
    for start in range(0, len(rows), VECTORS_PER_CALL):
        part = rows[start : start + VECTORS_PER_CALL]
        add([row for row, _ in part], np.stack([vector for _, vector in part]))
