"""How far a flat map can be trusted: whether what is beside an entry on it is truly near it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 12


class Trust:
    """Measures maps of the same points. After Venna and Kaski, "Neighborhood Preservation in
    Nonlinear Projection Methods" (2001); 1 where each map neighbour is a true one, about 0.5 for
    a random map."""

    def __init__(self, centres: NDArray[np.float32], neighbours: int = NEIGHBOURS) -> None:
        """`centres` is `float32[n, d]`, unit rows; near is what has a high cosine."""
        count = len(centres)
        self._neighbours = min(neighbours, (count - 1) // 2)
        cosines = centres @ centres.T
        np.fill_diagonal(cosines, np.inf)
        order = np.argsort(-cosines, axis=1, kind="stable")
        self._ranks = np.empty((count, count), dtype=np.int32)
        np.put_along_axis(self._ranks, order, np.arange(count, dtype=np.int32)[None], axis=1)

    def of(self, places: NDArray[np.float32]) -> float:
        """The trustworthiness of a map, 0…1: `places` is `float32[n, 2]`. 1 where the points are
        too few to be wrong."""
        count, near = len(places), self._neighbours
        if near < 1:
            return 1.0
        squares = (places * places).sum(axis=1)
        apart = squares[:, None] + squares - 2 * (places @ places.T)
        np.fill_diagonal(apart, np.inf)
        beside = np.argpartition(apart, near - 1, axis=1)[:, :near]
        excess = np.maximum(np.take_along_axis(self._ranks, beside, axis=1) - near, 0)
        return 1 - float(excess.sum()) * 2 / (count * near * (2 * count - 3 * near - 1))
