"""Texts that are embedded once for a model, and kept in the ledger's vector cache."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder, embed_documents
from index.store.ledger.vectors import Vectors


def embedded_once(
    vectors: Vectors, embedder: Embedder, texts: Mapping[str, str]
) -> dict[str, NDArray[np.float32]]:
    """The vectors (`float32[d]`) of `texts`, both by their digests; those that are not known yet
    are embedded and kept. Raises `LedgerError` when the ledger cannot be used, `ModelError` when
    the model cannot be."""
    space = embedder.fingerprint.key
    known = vectors.get(space, list(texts))
    missing = [digest for digest in texts if digest not in known]
    if missing:
        found = embed_documents(embedder, [texts[digest] for digest in missing])
        vectors.keep(space, missing, found)
        known |= dict(zip(missing, found, strict=True))
    return known
