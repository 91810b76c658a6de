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
    """`axes` is `float32[d, k]`; `rows`, `float32[n, k]`, are the sketches of all vectors, those of
    a group together. `places[i]` is where the sketch of vector i stands, and `ends[g]` where those
    of group g end, which begin where those of the group before end."""

    axes: NDArray[np.float32]
    rows: NDArray[np.float32]
    places: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, vectors: NDArray[np.float32], spread: Spread, groups: NDArray[np.int64]) -> Sketch:
        """The sketches of `vectors` (`float32[n, d]`), which are spread like that; each is of the
        group (0 and up) that `groups` (`int64[n]`) says."""
        moment = spread.covariance + np.outer(spread.mean, spread.mean)
        _, axes = np.linalg.eigh(moment)  # the axis of the largest difference is the last
        axes = np.ascontiguousarray(axes[:, -AXES:], dtype=np.float32)
        order = np.argsort(groups, kind="stable")
        rows = np.empty((len(vectors), axes.shape[1]), dtype=np.float32)
        for start in range(0, len(vectors), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            np.matmul(vectors[order[part]], axes, out=rows[part])
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order))
        return cls(axes, rows, places, np.cumsum(np.bincount(groups)))

    def likeliest(
        self,
        point: NDArray[np.float32],
        among: NDArray[np.int64],
        limit: int,
        group: int | None = None,
    ) -> NDArray[np.int64]:
        """Those rows `among` some (in order, and of one `group` where that is given) that are
        likely to hold the `limit` nearest to `point` (`float32[d]`), without any order; all of
        them where they are few."""
        count = SPARE * limit
        if count >= len(among):
            return among
        short = point @ self.axes
        start = int(self.ends[group - 1]) if group else 0
        end = len(self.rows) if group is None else int(self.ends[group])
        if GATHERING * len(among) < end - start:
            products = self.rows[self.places[among]] @ short
        else:
            products = self.rows[start:end] @ short
            if group is None or len(among) < end - start:
                products = products[self.places[among] - start]
        return among[np.argpartition(products, -count)[-count:]]
