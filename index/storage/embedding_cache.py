"""Embed texts through the ledger's vector cache, so that each text is embedded once per model."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.progress import no_progress
from index.storage.bundled_vectors import bundled_vectors
from index.storage.db.vector_cache import Vectors

AT_ONCE = 512  # texts embedded before their vectors are saved


def get_or_embed(
    vectors: Vectors,
    embedder: Embedder,
    texts: Mapping[str, str],
    progress: Callable[[int, int], None] = no_progress,
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors (`float32[d]`) of `texts`; both are keyed by digest. Missing vectors are
    embedded and saved in batches. `progress` receives the number done and the total. Raises
    `LedgerError` if the ledger cannot be used, and `ModelError` if the model cannot be used."""
    known = known_vectors(vectors, embedder.fingerprint.key, list(texts))
    missing = {digest: text for digest, text in texts.items() if digest not in known}
    for part, found in embed_in_batches(vectors, embedder, missing, progress):
        known |= dict(zip(part, found, strict=True))
    return known


def embed_in_batches(
    vectors: Vectors,
    embedder: Embedder,
    texts: Mapping[str, str],
    progress: Callable[[int, int], None],
) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
    """Embed and save `texts`; yield the digests and vectors (`float32[k, d]`) of each batch. The
    longest come first, since batches of equal length need no padding."""
    missing = sorted(texts, key=lambda digest: len(texts[digest]), reverse=True)
    for start in range(0, len(missing), AT_ONCE):
        part = missing[start : start + AT_ONCE]

        def report(done: int, _: int, before: int = start) -> None:
            progress(before + done, len(missing))

        found = embed_documents(embedder, [texts[digest] for digest in part], report)
        vectors.keep(embedder.fingerprint.key, part, found)
        yield part, found


def known_vectors(
    vectors: Vectors, space: str, digests: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the known vectors (`float32[d]`) of texts, by digest. Bundled vectors are copied into
    the cache."""
    known = vectors.get(space, digests)
    if shipped := bundled_vectors(space, [one for one in digests if one not in known]):
        vectors.keep(space, list(shipped), np.stack(list(shipped.values())))
    return known | shipped
