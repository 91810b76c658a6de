"""Abstention: whether there is anything near a text at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.search.retrieval import nearest_passages
from index.statistics.calibration import CROWD, nearness
from index.storage import Generation

Near = Sequence[tuple[int, float]]
"""Rows of passages with their cosines, the nearest first."""


def evidence_of(
    generation: Generation, point: NDArray[np.float32], near: Near | None = None
) -> float:
    """How much more the text at `point` (`float32[d]`) is about the index than about anything else
    (see `calibration.nearness`), from the least that its own passages have; `near` are the passages
    nearest to it, when they are known."""
    if near is None:
        near = nearest_passages(generation, point, CROWD)
    nearest = [cosine for _, cosine in near[:CROWD]]
    found = nearness(
        sum(nearest) / max(len(nearest), 1),
        float(generation.background.crowds(point[np.newaxis])[0]),
        float(point @ generation.spread.mean),
    )
    return found - generation.manifest.calibration.sparse_below


def is_sparse(generation: Generation, point: NDArray[np.float32], near: Near | None = None) -> bool:
    """Whether the text at `point` is less about the index than almost every passage would be, were
    its own entry not there, and no passage is nearly the same."""
    if near is None:
        near = nearest_passages(generation, point, CROWD)
    if near and near[0][1] >= generation.manifest.calibration.quantiles[-1]:
        return False  # no two entries are that near to each other
    return evidence_of(generation, point, near) < 0


def is_out_of_domain(
    generation: Generation, text: str, point: NDArray[np.float32], near: Near | None = None
) -> bool:
    """Whether nothing in the index is near `text`, which lies at `point`: the place is sparse, and
    the text is not mainly the name of an entry."""
    return is_sparse(generation, point, near) and not generation.names.mainly_named(text)
