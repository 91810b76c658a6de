"""Adapt the vector of a question before it is compared with entries, or with the parts of one.

People who ask why the bot makes things up share few words with the entry that explains it, and the
embedding model puts such a question nearest to entries on chatbots. Two linear maps, trained on
questions with the entries and the parts that answer them, move its vector nearer to these.
`python -m tools.questions.train` trains them.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.storage import Generation

FILE = "question_adapter.npz"


def adapted_to_entries(generation: Generation, point: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector of a question, `float32[d]` of length 1, adapted for its comparison with
    bundled entries, the only ones that the map knows. Unchanged for another model than the default
    one."""
    moved = _adapted(generation, point, "entries")
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


def adapted_to_parts(generation: Generation, point: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector of a question, `float32[d]` of any length, adapted for its products with
    the vectors of the parts of an entry. Unchanged for another model than the default one."""
    return _adapted(generation, point, "parts")


def _adapted(generation: Generation, point: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    space, matrices = _parameters()
    if generation.manifest.fingerprint.key != space:
        return point
    return np.asarray(point + point @ matrices[name], dtype=np.float32)


@cache
def _parameters() -> tuple[str, dict[str, NDArray[np.float32]]]:
    """Return the key of the model's fingerprint, and the two matrices, `float32[d, d]`."""
    with np.load(Path(__file__).parent / FILE) as arrays:
        names = ("entries", "parts")
        return str(arrays["space"]), {name: arrays[name].astype(np.float32) for name in names}
