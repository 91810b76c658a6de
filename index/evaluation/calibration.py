"""Check the calibration of percentiles on random pairs that were not used to fit it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from index.errors import NotFound
from index.storage import Generation

PAIRS = 20_000
SEED = 1  # differs from the seed of the calibration
DECILES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBench:
    """The distribution of the percentiles of random pairs.

    `deciles` are the shares of pairs, 0…1, with a percentile of 0…10, 10…20 and so on; with perfect
    calibration each is 0.1. `deviation` is the largest difference from 0.1, in percentage points.
    """

    kind: Literal["calibration_bench"] = "calibration_bench"
    generation: str
    model: str
    entries: int
    passages: int
    pairs: int
    deciles: tuple[float, ...]
    deviation: float


def bench_calibration(generation: Generation, count: int = PAIRS) -> CalibrationBench:
    """Draw `count` random pairs and measure the distribution of their percentiles.

    Raises `NotFound` for an index with a single entry.
    """
    cosines = _random_cosines(generation, count)
    percentiles = list(map(generation.manifest.calibration.percentile, cosines))
    shares = np.histogram(percentiles, DECILES, (0, 100))[0] / count
    return CalibrationBench(
        generation=generation.id,
        model=generation.model,
        entries=len(generation.entries),
        passages=len(generation.passages),
        pairs=count,
        deciles=tuple(round(float(share), 4) for share in shares),
        deviation=round(100 * float(np.abs(shares - 1 / DECILES).max()), 2),
    )


def _random_cosines(generation: Generation, count: int) -> list[float]:
    """Return the cosines of `count` random pairs. A pair is a passage and the most similar passage
    of another entry. Raises `NotFound` for an index with a single entry."""
    entries = len(generation.ids)
    if entries < 2:
        raise NotFound(
            "The index has a single entry, so there are no pairs.", "Add entries: nearsay index"
        )
    random = np.random.default_rng(SEED)
    rows = random.integers(0, len(generation.passages), count)
    others = random.integers(0, entries - 1, count)
    others += others >= generation.owners[rows]
    starts, matrix = generation.starts[others], generation.matrix
    ends = starts + generation.counts[others]
    return [
        float((matrix[start:end] @ matrix[row]).max())
        for row, start, end in zip(rows, starts, ends, strict=True)
    ]
