"""Get the vectors for a generation from the ledger or, if missing there, from the model."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from index.embedding.embedder import Embedder
from index.entry import Passage
from index.progress import Progress
from index.storage.bundled_vectors import bundled_vectors
from index.storage.db.ledger import Ledger
from index.storage.embedding_cache import embed_in_batches, known_vectors

Add = Callable[[Sequence[int], np.ndarray], None]
"""A callback that receives the rows of all passages with one text, and the text's vector."""


def embed_missing(
    ledger: Ledger,
    embedder: Embedder,
    passages: Sequence[Passage],
    add: Add,
    tell: Progress,
    *,
    full: bool,
) -> int:
    """Pass the vectors of all passages to `add`, known vectors first, and return the number of
    embedded texts.

    Vectors are saved batch by batch, so an interrupted reindex does not lose them. With `full`,
    every text is embedded.
    """
    space = embedder.fingerprint.key
    rows_of: dict[str, list[int]] = {}  # rows of the passages with the same text
    for row, passage in enumerate(passages):
        rows_of.setdefault(passage.digest, []).append(row)
    missing = list(rows_of)
    if not full:
        known = known_vectors(ledger.vectors, space, missing)
        for digest, vector in known.items():
            add(rows_of[digest], vector)
        missing = [digest for digest in missing if digest not in known]
    texts = {digest: passages[rows_of[digest][0]].embedded for digest in missing}
    for part, vectors in embed_in_batches(
        ledger.vectors, embedder, texts, partial(tell, "embedding")
    ):
        for digest, vector in zip(part, vectors, strict=True):
            add(rows_of[digest], vector)
    return len(missing)


def count_unknown(ledger: Ledger, space: str, passages: Iterable[Passage]) -> int:
    """Count the distinct texts of `passages` without a stored or bundled vector in `space`, the key
    of a fingerprint."""
    digests = {passage.digest for passage in passages}
    missing = digests.difference(ledger.vectors.get(space, list(digests)))
    return len(missing) - len(bundled_vectors(space, missing))
