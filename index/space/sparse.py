"""Whether there is anything near a text at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.space.calibration import CROWD, nearness
from index.space.passages import nearest_passages
from index.store import Generation


def nearness_of(
    generation: Generation,
    point: NDArray[np.float32],
    near: Sequence[tuple[int, float]] | None = None,
) -> float:
    """How populated the place at `point` (`float32[d]`) is (see `calibration.nearness`); `near` are
    the passages nearest to it, when they are known."""
    if near is None:
        near = nearest_passages(generation, point, CROWD)
    cosines = np.array([cosine for _, cosine in near[:CROWD]], dtype=np.float32)
    return nearness(cosines, float(point @ generation.spread.mean))


def is_sparse(
    generation: Generation,
    point: NDArray[np.float32],
    near: Sequence[tuple[int, float]] | None = None,
) -> bool:
    """Whether almost every passage's own place is more populated than the one at `point`, and no
    passage is very close to it."""
    if near is None:
        near = nearest_passages(generation, point, CROWD)
    calibration = generation.manifest.calibration
    if near and calibration.band(near[0][1]) == "very close":
        return False
    return nearness_of(generation, point, near) < calibration.sparse_below
