"""Token vectors of the bundled excerpts, so that the first index needs no encoding.

`bundled_tokens.npz` holds `digests` (`uint8[n, 32]`, the SHA-256 of each text), `counts`
(`int64[n]`) and `tokens` (`int8[t, d]`). `make vectors` writes it.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FILE = "bundled_tokens.npz"


def text_digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def bundled_tokens(texts: Iterable[str]) -> dict[str, NDArray[np.int8]]:
    """Return the bundled token vectors (`int8[t, d]`) of those of `texts` that have them."""
    range_of, tokens = _load()
    ranges = {text: range_of.get(text_digest(text)) for text in texts}
    return {text: tokens[one[0] : one[1]] for text, one in ranges.items() if one}


@lru_cache(maxsize=1)
def _load() -> tuple[dict[bytes, tuple[int, int]], NDArray[np.int8]]:
    file = resources.files("index.storage") / FILE
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        ends = np.cumsum(arrays["counts"])
        ranges = zip((ends - arrays["counts"]).tolist(), ends.tolist(), strict=True)
        digests = [row.tobytes() for row in arrays["digests"]]
        return dict(zip(digests, ranges, strict=True)), arrays["tokens"]
