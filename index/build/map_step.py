"""Load the previous generation's map, and compute the centres of the new generation's entries."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.entry import Passage
from index.errors import IndexCorrupted
from index.map.atlas import Atlas
from index.map.build import PreviousMap
from index.storage.generation import ATLAS, CENTRES


def previous_map(folder: Path, ids: Sequence[str]) -> PreviousMap | None:
    """Load the map of the generation in `folder`; `ids` are its entry ids. Returns None if a file
    cannot be read or does not have one row per entry."""
    with suppress(IndexCorrupted, OSError, EOFError, ValueError):
        centres = np.load(folder / CENTRES, allow_pickle=False)
        atlas = Atlas.load(folder / ATLAS)
        if len(atlas) == len(ids) == len(centres):
            return PreviousMap(atlas, ids, centres)
    return None


def centres_of(
    vectors: NDArray[np.float32], passages: Sequence[Sequence[Passage]]
) -> NDArray[np.float32]:
    """Return the normalized mean vector of each entry's passages, `float32[e, d]`.

    The rows of `vectors` (`float32[n, d]`) are in the order of the passages.
    """
    starts = np.concatenate(([0], np.cumsum([len(several) for several in passages])[:-1]))
    sums = np.add.reduceat(vectors, starts, axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-9), dtype=np.float32)
