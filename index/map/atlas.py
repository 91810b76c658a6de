"""The flat map of a generation, as it is kept and read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import load_arrays

WARMTH = 0.03  # of similarity, by which an entry that is less near counts e times less


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """The flat map of a generation's entries.

    `positions` is `float32[e, 2]`, each 0…1 in both directions, in the order of the entries;
    `neighbourhood_of` is `int32[e]`, the number of each entry's neighbourhood; `names` are their
    names, the largest first when the map was drawn, and after that a neighbourhood keeps its
    number. `centrality` is `float32[e]`, 0…1, how central an entry is among its neighbours, the
    higher the more. A flat map shows neighbours near one another as far as it can; distances on it
    mean nothing else.
    """

    positions: NDArray[np.float32]
    neighbourhood_of: NDArray[np.int32]
    names: tuple[str, ...]
    centrality: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many entries each neighbourhood has, in the order of `names`."""
        counts = np.bincount(self.neighbourhood_of, minlength=len(self.names))
        return tuple(counts.tolist())

    def at(
        self, numbers: NDArray[np.int64], similarities: NDArray[np.float64]
    ) -> tuple[float, float, int]:
        """Where a text lies on the map that is so similar to the entries of these numbers (at least
        one), and the number of the neighbourhood that most of them are in, those that are less near
        counting less: the median of each direction, so that it lies where most are and not in the
        void between them."""
        weights = np.exp((similarities - similarities.max()) / WARMTH)
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
        """What `save` wrote; raises `StoreDamaged` when it is not there."""
        positions, numbers, names, centrality = load_arrays(
            file, "positions", "neighbourhood_of", "names", "centrality"
        )
        return cls(positions, numbers, tuple(names.tolist()), centrality)
