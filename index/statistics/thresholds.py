"""The percentiles of cosines, and the threshold for sparse regions.

A text in a sparse region is far from all entries. Both are measured when a generation is built.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLED_PASSAGES = 1_000
QUANTILES = 1_000
BATCH_SIZE = 100  # passages per matrix product
FIELD_WEIGHT = 2.0  # weight of the cosine to the mean of all passages
SPARSE_SHARE = 0.62  # the threshold, as a share of the mean evidence of the passages


@dataclass(frozen=True, slots=True)
class Calibration:
    """The distribution of the cosines of random pairs, and the threshold for sparse regions. A pair
    is a passage and the nearest passage of a random other entry. `quantiles` are 1,001 cosines; a
    share of 1 - i/1000 of random pairs exceeds quantile i. A text with an `evidence` below
    `sparse_below` is in a sparse region."""

    quantiles: Sequence[float]
    sparse_below: float

    def percentile(self, similarity: float) -> float:
        """Return the percentage of random pairs with a lower cosine, 0…100, to one decimal."""
        quantiles = self.quantiles
        at = bisect_right(quantiles, similarity)
        if not 0 < at < len(quantiles):
            return 100.0 if at else 0.0
        below, above = quantiles[at - 1 : at + 1]
        between = (similarity - below) / (above - below)
        return round(100 * (at - 1 + between) / (len(quantiles) - 1), 1)


def evidence(nearest: NDArray[np.float32], field: NDArray[np.float32]) -> NDArray[np.float32]:
    """Score the evidence that the index covers each text. `nearest` are the cosines to the nearest
    entry vector. `field` are the cosines to the mean of all passages; they separate fields with a
    common vocabulary."""
    return nearest + FIELD_WEIGHT * field


def measure(
    vectors: NDArray[np.float32], counts: NDArray[np.int64], centres: NDArray[np.float32]
) -> Calibration:
    """Calibrate on the passage `vectors` (`float32[n, d]`, unit rows) and the entry vectors
    `centres` (`float32[e, d]`). `counts` (`int64[e]`) are the numbers of passages of the entries.
    Each passage is compared with other entries only. Deterministic."""
    if len(centres) == 1:
        return Calibration(tuple(np.linspace(-1, 1, QUANTILES + 1).tolist()), 0.0)
    random = np.random.default_rng(0)
    entry_of = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    sample = random.permutation(len(vectors))[:SAMPLED_PASSAGES]
    others = random.permutation(len(centres))[: QUANTILES + 1]
    mean = vectors.mean(axis=0)
    pairs: list[NDArray[np.float32]] = []
    found: list[NDArray[np.float32]] = []
    for start in range(0, len(sample), BATCH_SIZE):
        rows = sample[start : start + BATCH_SIZE]
        own = entry_of[rows]
        best = np.maximum.reduceat(vectors @ vectors[rows].T, starts)
        pairs.append(best[others][others[:, np.newaxis] != own])
        cosines = centres @ vectors[rows].T
        cosines[own, np.arange(len(rows))] = -1
        found.append(evidence(cosines.max(axis=0), vectors[rows] @ mean))
    quantiles = np.quantile(np.concatenate(pairs), np.linspace(0, 1, QUANTILES + 1))
    below = SPARSE_SHARE * float(np.concatenate(found).mean())
    return Calibration(tuple(round(float(value), 5) for value in quantiles), round(below, 5))
