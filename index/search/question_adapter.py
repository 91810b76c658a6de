"""Adapt the vector of a question for its comparison with the bundled entries.

A person who asks what the bot does wrong shares few words with the entry that explains it, and the
embedding model puts such a question nearest to entries on chatbots. A linear map, trained on
questions with their entries, moves the vector of a question nearer to its entry. It knows the
bundled entries only, so the vector is compared with other entries as it is.
`python -m tools.questions.train` trains it.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.storage import Generation

PARAMETERS = "question_adapter.npz"


def adapted(generation: Generation, point: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector of a question, `float32[d]`, adapted and of unit length. With another model
    than the default one, or without bundled entries, it is returned unchanged."""
    space, matrix = _parameters()
    if generation.manifest.fingerprint.key != space or not generation.bundled.any():
        return point
    moved = point + point @ matrix
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


@cache
def _parameters() -> tuple[str, NDArray[np.float32]]:
    """Return the key of the model's fingerprint and the matrix, `float32[d, d]`."""
    with np.load(Path(__file__).parent / PARAMETERS) as arrays:
        return str(arrays["space"]), arrays["matrix"].astype(np.float32)
