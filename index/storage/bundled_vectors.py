"""Vectors of the bundled texts for the default model, so that the first index needs no embedding.

`bundled_vectors.npz` holds `space` (the key of the model's fingerprint), `digests` (`uint8[n, 32]`,
the SHA-256 of each text) and `vectors` (`float16[n, d]`). `make vectors` writes it.
"""

from collections.abc import Collection
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FILE = "bundled_vectors.npz"


def bundled_vectors(space: str, digests: Collection[str]) -> dict[str, NDArray[np.float32]]:
    """Return the bundled vectors (`float32[d]`, length 1) by digest. The result is empty unless
    `space` is the key of the default model's fingerprint."""
    row_of, vectors = _load(space)
    found = {digest: vectors[row_of[digest]] for digest in digests if digest in row_of}
    return {digest: _unit(vector.astype(np.float32)) for digest, vector in found.items()}


@lru_cache(maxsize=1)
def _load(space: str) -> tuple[dict[str, int], NDArray[np.float16]]:
    file = resources.files("index.storage") / FILE
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        if str(arrays["space"]) != space:
            return {}, np.empty((0, 0), dtype=np.float16)
        digests = [row.tobytes().hex() for row in arrays["digests"]]
        return {digest: row for row, digest in enumerate(digests)}, arrays["vectors"]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
