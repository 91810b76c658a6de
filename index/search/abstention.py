"""Abstention: detect queries that are out of domain."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.search.retrieval import nearest_passages
from index.statistics.thresholds import evidence
from index.storage import Generation

NEAREST_PASSAGES = 10  # whose entries can be the nearest entry

Near = Sequence[tuple[int, float]]  # rows of passages with their cosines, nearest first


def evidence_of(
    generation: Generation, point: NDArray[np.float32], near: Near | None = None
) -> float:
    """Return the evidence that the index covers `point` (`float32[d]`, see `thresholds.evidence`)
    minus the threshold for sparse regions, or infinity if the nearest passage has a cosine that
    one in a thousand of random pairs reaches. `near` are the passages nearest to the point, if
    known."""
    if near is None:
        near = nearest_passages(generation, point, NEAREST_PASSAGES)
    if near and near[0][1] >= generation.manifest.calibration.quantiles[-2]:
        return float("inf")
    owners = np.unique(generation.owners[[row for row, _ in near[:NEAREST_PASSAGES]]])
    nearest = (generation.centres[owners] @ point).max(initial=-1)
    found = evidence(nearest, point @ generation.spread.mean)
    return float(found) - generation.manifest.calibration.sparse_below


def is_sparse(generation: Generation, point: NDArray[np.float32], near: Near | None = None) -> bool:
    """Return whether `point` is in a sparse region."""
    return evidence_of(generation, point, near) < 0


def is_out_of_domain(
    generation: Generation, text: str, point: NDArray[np.float32], near: Near | None = None
) -> bool:
    """Return whether `text` is out of domain: its vector `point` is in a sparse region, and the
    text does not mainly consist of entry names."""
    return is_sparse(generation, point, near) and not generation.names.mainly_names(text)
