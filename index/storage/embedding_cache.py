"""Texts that are embedded once for a model, and kept in the ledger's vector cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.storage.bundled_vectors import bundled_vectors
from index.storage.db.vector_cache import Vectors

AT_ONCE = 512  # texts embedded before their vectors are put away


def get_or_embed(
    vectors: Vectors,
    embedder: Embedder,
    texts: Mapping[str, str],
    progress: Callable[[int, int], None] = lambda *_: None,
) -> dict[str, NDArray[np.float32]]:
    """The vectors (`float32[d]`) of `texts`, both by their digests; those that are not known yet
    are embedded and kept as they come, and `progress` is told how many are, of how many. Raises
    `LedgerError` when the ledger cannot be used, `ModelError` when the model cannot be."""
    known = known_vectors(vectors, embedder.fingerprint.key, list(texts))
    missing = {digest: text for digest, text in texts.items() if digest not in known}
    for part, found in embedded(vectors, embedder, missing, progress):
        known |= dict(zip(part, found, strict=True))
    return known


def embedded(
    vectors: Vectors,
    embedder: Embedder,
    texts: Mapping[str, str],
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
    """Embeds `texts`, and keeps their vectors as they come: digests and vectors (`float32[k, d]`)
    of one part after the other. Tells `progress` and raises as `get_or_embed` does."""
    # The longest first, as the embedder does: a batch holds texts of like length.
    missing = sorted(texts, key=lambda digest: -len(texts[digest]))
    for start in range(0, len(missing), AT_ONCE):
        part = missing[start : start + AT_ONCE]

        def told(done: int, _: int, before: int = start) -> None:
            progress(before + done, len(missing))

        found = embed_documents(embedder, [texts[digest] for digest in part], told)
        vectors.keep(embedder.fingerprint.key, part, found)
        yield part, found


def known_vectors(
    vectors: Vectors, space: str, digests: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """The vectors (`float32[d]`) of texts that need not be embedded, by their digests: those in the
    cache, and those that are shipped with the encyclopedia, which are put into the cache."""
    known = vectors.get(space, digests)
    if shipped := bundled_vectors(space, [one for one in digests if one not in known]):
        vectors.keep(space, list(shipped), np.stack(list(shipped.values())))
    return known | shipped


def warm_cache(
    vectors: Vectors,
    embedder: Embedder,
    texts: Mapping[str, str],
    progress: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Sees to it that `texts`, by their digests, need not be embedded when they are asked for.
    Tells `progress` and raises as `get_or_embed` does."""
    if not vectors.has_all(embedder.fingerprint.key, list(texts)):
        get_or_embed(vectors, embedder, texts, progress)
