"""The percentiles of cosines, measured when a generation is built."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLED_PASSAGES = 1_000
QUANTILES = 1_000
BATCH_SIZE = 100  # passages per matrix product


@dataclass(frozen=True, slots=True)
class Calibration:
    """The distribution of the cosines of random pairs. A pair is a passage and the nearest passage
    of a random other entry. `quantiles` are 1,001 cosines; a share of 1 - i/1000 of random pairs
    exceeds quantile i."""

    quantiles: Sequence[float]

    def percentile(self, similarity: float) -> float:
        """Return the percentage of random pairs with a lower cosine, 0…100, to one decimal."""
        quantiles = self.quantiles
        at = bisect_right(quantiles, similarity)
        if not 0 < at < len(quantiles):
            return 100.0 if at else 0.0
        below, above = quantiles[at - 1 : at + 1]
        between = (similarity - below) / (above - below)
        return round(100 * (at - 1 + between) / (len(quantiles) - 1), 1)


def measure(vectors: NDArray[np.float32], counts: NDArray[np.int64]) -> Calibration:
    """Calibrate on the passage `vectors` (`float32[n, d]`, unit rows). `counts` (`int64[e]`) are
    the numbers of passages of the entries. Each passage is compared with other entries only.
    Deterministic."""
    if len(counts) == 1:
        return Calibration(tuple(np.linspace(-1, 1, QUANTILES + 1).tolist()))
    random = np.random.default_rng(0)
    entry_of = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    sample = random.permutation(len(vectors))[:SAMPLED_PASSAGES]
    others = random.permutation(len(counts))[: QUANTILES + 1]
    pairs: list[NDArray[np.float32]] = []
    for start in range(0, len(sample), BATCH_SIZE):
        rows = sample[start : start + BATCH_SIZE]
        best = np.maximum.reduceat(vectors @ vectors[rows].T, starts)
        pairs.append(best[others][others[:, np.newaxis] != entry_of[rows]])
    quantiles = np.quantile(np.concatenate(pairs), np.linspace(0, 1, QUANTILES + 1))
    return Calibration(tuple(round(float(value), 5) for value in quantiles))
