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
    """How much more the text at `point` (`float32[d]`) is about the index than about anything else
    (see `calibration.nearness`); `near` are the passages nearest to it, when they are known."""
    if near is None:
        near = nearest_passages(generation, point, CROWD)
    nearest = [cosine for _, cosine in near[:CROWD]]
    return nearness(
        sum(nearest) / max(len(nearest), 1),
        generation.background.crowd(point),
        float(point @ generation.spread.mean),
    )


def is_off_the_map(
    generation: Generation,
    text: str,
    point: NDArray[np.float32],
    near: Sequence[tuple[int, float]] | None = None,
) -> bool:
    """Whether `text`, which lies at `point`, has nothing near it: the place is sparse, and the text
    does not speak of several entries by their names."""
    return is_sparse(generation, point, near) and not generation.names.speaks_of_several(text)


def is_sparse(
    generation: Generation,
    point: NDArray[np.float32],
    near: Sequence[tuple[int, float]] | None = None,
) -> bool:
    """Whether the text at `point` is less about the index than almost every passage would be, were
    its own entry not there, and no passage is nearly the same."""
    if near is None:
        near = nearest_passages(generation, point, CROWD)
    calibration = generation.manifest.calibration
    if near and near[0][1] >= calibration.quantiles[-1]:
        return False  # no two entries are that near to each other
    return nearness_of(generation, point, near) < calibration.sparse_below
