"""Sketches of vectors: a quarter of the numbers, by which the likeliest of many are told quickly.

A sketch is a vector's coordinates along the axes on which the vectors of an index differ most (its
principal components), so that products of sketches are close to those of the vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.space.spread import Spread

AXES = 96  # of 384 dimensions: four fifths of what the vectors of an encyclopedia differ by
MANY = 2_000  # rows of which only the likeliest are worth comparing
SPARE = 8  # times as many are taken as are wanted: nearly all that are nearest are among them
GATHERING = 8  # times as long as a product takes it to gather a sketch for one
AT_ONCE = 10_000  # vectors sketched at a time


@dataclass(frozen=True, slots=True)
class Sketch:
    """`axes` is `float32[d, k]`; `rows`, `float32[n, k]`, are the sketches of all vectors."""

    axes: NDArray[np.float32]
    rows: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: NDArray[np.float32], spread: Spread) -> Sketch:
        """The sketches of `vectors` (`float32[n, d]`), which are spread like that."""
        moment = spread.covariance + np.outer(spread.mean, spread.mean)
        _, axes = np.linalg.eigh(moment)  # the axis of the largest difference is the last
        axes = np.ascontiguousarray(axes[:, -AXES:], dtype=np.float32)
        rows = np.empty((len(vectors), axes.shape[1]), dtype=np.float32)
        for start in range(0, len(vectors), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            np.matmul(vectors[part], axes, out=rows[part])
        return cls(axes, rows)

    def likeliest(
        self, point: NDArray[np.float32], among: NDArray[np.int64], limit: int
    ) -> NDArray[np.int64]:
        """Those rows `among` some that are likely to hold the `limit` nearest to `point`
        (`float32[d]`), without any order; all where they are few."""
        count = SPARE * limit
        if count >= len(among):
            return among
        short = point @ self.axes
        if GATHERING * len(among) < len(self.rows):
            products = self.rows[among] @ short
        else:
            products = (self.rows @ short)[among]
        return among[np.argpartition(products, -count)[-count:]]
