"""Mean and covariance of the vectors of a generation, used to standardize cosines.

They give the exact mean and standard deviation of the cosines between any point and all vectors.
For a point q and unit vectors v, the cosines q·v have the mean q·E[v] and the variance qᵀ Cov[v] q.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import reading_index


@dataclass(frozen=True, slots=True)
class Moments:
    """The mean (`float32[d]`) and covariance (`float32[d, d]`) of a set of vectors."""

    mean: NDArray[np.float32]
    covariance: NDArray[np.float32]

    @classmethod
    def measure(cls, vectors: NDArray[np.float32]) -> Moments:
        """Compute the moments of `vectors`, `float32[n, d]`."""
        mean = vectors.mean(axis=0)
        centred = vectors - mean
        return cls(mean, (centred.T @ centred / len(vectors)).astype(np.float32))

    def standardized(
        self, point: NDArray[np.float32], cosines: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Standardize `cosines` (`float32[k]`) to `point` (`float32[d]`) by the mean and standard
        deviation over all vectors."""
        deviation = math.sqrt(max(0.0, float(point @ self.covariance @ point)))
        if deviation < 1e-6:
            return np.zeros_like(cosines)
        return (cosines - float(point @ self.mean)) / deviation

    def pairs(self, count: int) -> tuple[float, float]:
        """Return the mean and standard deviation of the cosines over all pairs of different
        vectors. `count` is the number of unit vectors that were measured."""
        if count < 2:
            return 0.0, 1.0
        moment = self.covariance.astype(np.float64) + np.outer(self.mean, self.mean)
        mean = (count * float(self.mean @ self.mean) - 1) / (count - 1)
        square = (count * float((moment * moment).sum()) - 1) / (count - 1)
        return mean, max(square - mean * mean, 1e-6) ** 0.5

    def save(self, file: Path) -> None:
        np.savez(file, mean=self.mean, covariance=self.covariance)

    @classmethod
    def load(cls, file: Path) -> Moments:
        with reading_index(file), np.load(file) as arrays:
            return cls(arrays["mean"], arrays["covariance"])
