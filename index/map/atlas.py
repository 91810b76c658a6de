"""The stored map of a generation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import reading_index

TEMPERATURE = 0.03  # of the softmax weights of neighbours, in units of similarity


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """The map of a generation. Its arrays are in the order of the entries. `positions` (`float32[e,
    2]`) are coordinates, 0…1. `neighbourhood_of` (`int32[e]`) are indices into `names`, the names
    of the neighbourhoods. In a new map, neighbourhood 0 is the largest. `centrality` (`float32[e]`,
    0…1) is higher for entries that are near many others."""

    positions: NDArray[np.float32]
    neighbourhood_of: NDArray[np.int32]
    names: tuple[str, ...]
    centrality: NDArray[np.float32]

    def at(
        self, numbers: NDArray[np.int64], similarities: NDArray[np.float64]
    ) -> tuple[float, float, int]:
        """Return the x and y coordinates and the neighbourhood number of a text. `numbers`
        (`int64[k]`) are the indices of its nearest entries, `similarities` is `float64[k]`.
        The position is the weighted median of each coordinate: unlike the mean, it does not fall
        into a gap between groups of entries. The neighbourhood is a weighted majority vote."""
        weights = np.exp((similarities - similarities.max()) / TEMPERATURE)
        x, y = np.quantile(
            self.positions[numbers], 0.5, axis=0, weights=weights, method="inverted_cdf"
        ).tolist()
        return x, y, int(np.bincount(self.neighbourhood_of[numbers], weights).argmax())

    def save(self, file: Path) -> None:
        np.savez(
            file,
            positions=self.positions,
            neighbourhood_of=self.neighbourhood_of,
            names=np.array(self.names, dtype=np.str_),
            centrality=self.centrality,
        )

    @classmethod
    def load(cls, file: Path) -> Atlas:
        with reading_index(file), np.load(file) as arrays:
            names = tuple(arrays["names"].tolist())
            numbers = arrays["neighbourhood_of"]
            return cls(arrays["positions"], numbers, names, arrays["centrality"])
