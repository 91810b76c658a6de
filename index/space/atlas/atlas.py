"""The flat map of a generation, as it is kept and read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import load_arrays

BESIDE = 5  # entries nearest to a text that say where it lies
WARMTH = 0.03  # of cosine, by which an entry that is less near counts e times less


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
        self, numbers: NDArray[np.int64], weights: NDArray[np.float32]
    ) -> tuple[float, float, int]:
        """The place on the map among the entries of these numbers (at least one), which count by
        `weights` (1 in all), and the number of the neighbourhood that most of them are in."""
        x, y = among(self.positions[numbers], weights).tolist()
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


def nearest(
    centres: NDArray[np.float32], point: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The numbers of the entries nearest to `point`, the nearest first, and how much each counts,
    1 in all."""
    cosines = centres @ point
    count = min(BESIDE, len(cosines))
    near = np.argpartition(-cosines, count - 1)[:count]
    near = near[np.argsort(-cosines[near], kind="stable")]
    return near, weights_of(cosines[near])


def weights_of(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each of the entries that are so near counts, `float32[k]`, 1 in all."""
    weights = np.exp((cosines - cosines.max()) / WARMTH)
    return np.asarray(weights / weights.sum(), dtype=np.float32)


def among(positions: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The place on the map among `positions` (`float32[k, 2]`) that count by `weights`
    (`float32[k]`, 1 in all): the median of each direction, so that it lies where most are and not
    in the void between them; `float32[2]`."""
    median = np.quantile(positions, 0.5, axis=0, weights=weights, method="inverted_cdf")
    return np.asarray(median, dtype=np.float32)
