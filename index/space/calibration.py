"""What a similarity means in a generation: measured on its own passages when it is built."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Band = Literal["very close", "close", "related", "far"]

SAMPLE = 1_000  # passages drawn as queries
STEPS = 1_000  # quantiles kept
AT_ONCE = 100  # queries compared with all passages in one step
# The least percentile of each band.
BANDS: tuple[tuple[float, Band], ...] = ((99.5, "very close"), (97.0, "close"), (85.0, "related"))
SPARSE_SHARE = 0.01  # of passages that would be called sparse, were their own entry not there
CROWD = 10  # nearest passages that tell how populated a place is
FIELD = 4.0  # the weight of lying in the field of the whole index, against that of the crowd


@dataclass(frozen=True, slots=True)
class Calibration:
    """How similar random pairs are, and how near a populated place's nearest entry is.

    `quantiles` are 1,001 similarities: entry i is exceeded by 1 - i/1000 of random pairs, where
    a pair is a passage and another entry (its best passage). A text whose `nearness` is below
    `sparse_below` stands where the encyclopedia has nothing.
    """

    quantiles: Sequence[float]
    sparse_below: float

    def percentile(self, similarity: float) -> float:
        """The share of random pairs less similar than this, 0…100, to one decimal."""
        low = bisect_left(self.quantiles, similarity)
        high = bisect_right(self.quantiles, similarity)
        if low == 0:
            return 0.0
        if low == len(self.quantiles):
            return 100.0
        if high > low:
            steps = (low + high - 1) / 2
        else:
            before, after = self.quantiles[low - 1], self.quantiles[low]
            steps = low - 1 + (similarity - before) / (after - before)
        return round(100 * steps / (len(self.quantiles) - 1), 1)

    def band(self, similarity: float) -> Band:
        """The percentile in words."""
        percentile = self.percentile(similarity)
        return next((band for least, band in BANDS if percentile >= least), "far")


def nearness(cosines: NDArray[np.float32], field: float) -> float:
    """How populated the place of a text is: the mean cosine of its `CROWD` nearest passages
    (`cosines`, the highest first), and its cosine to the mean of all (`field`), which tells
    another field with the same words from this one."""
    crowd = float(cosines[:CROWD].mean()) if len(cosines) else -1.0
    return crowd + FIELD * field


def measure(vectors: NDArray[np.float32], owners: Sequence[str], seed: int = 0) -> Calibration:
    """Calibrates on `vectors` (`float32[n, d]`, unit rows), where `owners[i]` names the entry of
    row i. The same input gives the same calibration."""
    random = np.random.default_rng(seed)
    names, entry_of = np.unique(np.asarray(owners), return_inverse=True)
    order = np.argsort(entry_of, kind="stable")
    grouped = vectors[order]
    starts = np.searchsorted(entry_of[order], np.arange(len(names)))
    ends = np.append(starts[1:], len(vectors))
    sample = random.permutation(len(vectors))[:SAMPLE]
    pairs: list[NDArray[np.float32]] = []
    places: list[float] = []
    mean = vectors.mean(axis=0)
    others = len(names) - 1
    for start in range(0, len(sample) if others else 0, AT_ONCE):
        rows = sample[start : start + AT_ONCE]
        columns = np.arange(len(rows))
        points = np.asarray(vectors[rows])
        own = entry_of[rows]
        cosines = grouped @ points.T
        best = np.maximum.reduceat(cosines, starts)
        if others <= STEPS:
            drawn = np.tile(np.arange(others)[:, np.newaxis], len(rows))
        else:
            drawn = random.integers(0, others, (STEPS, len(rows)))
        # Its own entry is left out: those from there on are counted one further.
        pairs.append(best[drawn + (drawn >= own), columns].ravel())
        for column, entry in enumerate(own):
            cosines[starts[entry] : ends[entry], column] = -np.inf
        crowds = np.partition(cosines, -min(CROWD, len(cosines)), axis=0)[-CROWD:].T
        places += [
            nearness(crowd[np.isfinite(crowd)], float(point @ mean))
            for crowd, point in zip(crowds, points, strict=True)
        ]
    if not pairs:  # one entry alone: nothing to compare with
        return Calibration(tuple(np.linspace(-1, 1, STEPS + 1).tolist()), 0.0)
    quantiles = np.quantile(np.concatenate(pairs), np.linspace(0, 1, STEPS + 1))
    return Calibration(
        tuple(round(float(value), 5) for value in quantiles),
        round(float(np.quantile(places, SPARSE_SHARE)), 5),
    )
