"""Vectors of the bundled texts for the default model, shipped as package data, so that the first
index of the encyclopedia need not embed it.

`bundled_vectors.npz` holds `space` (the key of the model's fingerprint), `digests` (`uint8[n, 32]`,
the SHA-256 of each text) and `vectors` (`float16[n, d]`). Run as a program (`make vectors`), this
module writes it again.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder, SentenceEmbedder, embed_documents
from index.entry import passages_of
from index.space.background import background_texts
from index.space.landmarks import landmark_texts
from index.weights import DEFAULT_MODEL

FILE = "bundled_vectors.npz"


def bundled_vectors(space: str, digests: Collection[str]) -> dict[str, NDArray[np.float32]]:
    """The shipped vectors (`float32[d]`, length 1) of texts by their digests, those that are there;
    none where the model of the key `space` is another."""
    row_of, vectors = _load(space)
    found = {digest: vectors[row_of[digest]] for digest in digests if digest in row_of}
    return {digest: _unit(vector.astype(np.float32)) for digest, vector in found.items()}


@lru_cache(maxsize=1)
def _load(space: str) -> tuple[dict[str, int], NDArray[np.float16]]:
    file = resources.files("index") / FILE
    if not file.is_file():
        return {}, np.empty((0, 0), dtype=np.float16)
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        if str(arrays["space"]) != space:
            return {}, np.empty((0, 0), dtype=np.float16)
        digests = [row.tobytes().hex() for row in arrays["digests"]]
        return {digest: row for row, digest in enumerate(digests)}, arrays["vectors"]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def bundled_texts() -> dict[str, str]:
    """What is embedded for the bundled encyclopedia, by its digest: passages, texts of other
    fields, and landmarks."""
    from index.sources.reading import read_sources  # which needs no vectors

    texts = {
        passage.digest: passage.embedded
        for entry in read_sources().entries
        for passage in passages_of(entry)
    }
    texts |= {one.digest: one.text for one in background_texts()}
    return texts | {one.digest: one.text for one in landmark_texts()}


def write(folder: Path, embedder: Embedder) -> None:
    """Embeds the bundled texts and writes their vectors into `folder`."""
    texts = bundled_texts()
    vectors = embed_documents(embedder, list(texts.values()))
    digests = np.frombuffer(b"".join(map(bytes.fromhex, texts)), dtype=np.uint8)
    np.savez_compressed(
        folder / FILE,
        space=np.array(embedder.fingerprint.key),
        digests=digests.reshape(len(texts), -1),
        vectors=vectors.astype(np.float16),
    )


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as models:
        write(Path(__file__).parent, SentenceEmbedder(DEFAULT_MODEL, Path(models)))
