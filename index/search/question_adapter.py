"""Adapt the vector of a question before it is compared with entries, or with the parts of one.

People who ask why the bot makes things up share few words with the entry that explains it, and the
embedding model puts such a question nearest to entries on chatbots. For each of the two comparisons
there is a linear map of the default model's vectors, `q + q·W`, trained on questions with the
entries and parts that answer them. `python -m tools.questions.train` trains both. The first ranks
entries that it was not trained on worse, so it is used for bundled entries only. The second helps
for any entry (see docs/explanation/ranking.md).
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.storage import Generation

FILE = "question_adapter.npz"


def adapted_to_entries(generation: Generation, point: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector of a question, adapted for its comparison with bundled entries:
    `float32[d]`, of length 1. With any other model than the default one, or without bundled
    entries, return `point` itself."""
    space, matrices = _parameters()
    if generation.manifest.fingerprint.key != space or not generation.bundled.any():
        return point
    moved = point + point @ matrices["entries"]
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


def adapted_to_parts(generation: Generation, point: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector of a question, adapted for its comparison with the parts of an entry:
    `float32[d]`, not normalized. With any other model than the default one, return `point` itself.
    """
    space, matrices = _parameters()
    if generation.manifest.fingerprint.key != space:
        return point
    return np.asarray(point + point @ matrices["parts"], dtype=np.float32)


@cache
def _parameters() -> tuple[str, dict[str, NDArray[np.float32]]]:
    """Return the key of the model's fingerprint, and the two matrices, `float32[d, d]`."""
    with np.load(Path(__file__).parent / FILE) as arrays:
        names = ("entries", "parts")
        return str(arrays["space"]), {name: arrays[name].astype(np.float32) for name in names}
