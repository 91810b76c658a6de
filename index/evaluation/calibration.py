"""Check the calibration of percentiles on random pairs that were not used to fit it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from index.errors import NotFound
from index.evaluation.measures import Values
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

    Raises `NotFound` for an index with a single entry, another `NearsayError` for any other
    problem.
    """
    pairs = draw_pairs(generation, count)
    percentile = generation.manifest.calibration.percentile
    shares = deciles_of(np.array([percentile(one) for one in _similarities(generation, pairs)]))
    return CalibrationBench(
        generation=generation.id,
        model=generation.model,
        entries=len(generation.entries),
        passages=len(generation.passages),
        pairs=len(pairs),
        deciles=tuple(round(float(share), 4) for share in shares),
        deviation=round(100 * float(np.abs(shares - 1 / DECILES).max()), 2),
    )


def draw_pairs(generation: Generation, count: int, seed: int = SEED) -> list[tuple[int, str]]:
    """Draw `count` pairs of a random passage's row and the id of another entry; the same `seed`
    gives the same pairs. Raises `NotFound` when the index has a single entry."""
    ids = list(generation.entries)
    if len(ids) < 2:
        raise NotFound(
            "The index has a single entry, so there are no pairs.", "Add entries: nearsay index"
        )
    place = {entry_id: at for at, entry_id in enumerate(ids)}
    random = np.random.default_rng(seed)
    rows = random.integers(0, len(generation.passages), count).tolist()
    others = random.integers(0, len(ids) - 1, count).tolist()
    owners = (place[generation.passages[row].entry_id] for row in rows)
    return [
        (row, ids[other + (other >= own)])
        for row, other, own in zip(rows, others, owners, strict=True)
    ]


def deciles_of(percentiles: Values) -> Values:
    """Return the share of `percentiles` (0…100) in each decile, `float64[10]`; 100 is in the last
    decile."""
    tenth = np.minimum(percentiles // (100 / DECILES), DECILES - 1).astype(np.int64)
    counts = np.bincount(tenth, minlength=DECILES)
    return np.asarray(counts / len(percentiles), dtype=np.float64)


def _similarities(generation: Generation, pairs: Sequence[tuple[int, str]]) -> Iterator[float]:
    """Yield the cosine of each pair, between the passage and the entry's most similar passage."""
    matrix = generation.matrix
    for row, other in pairs:
        rows = generation.rows_of[other]
        yield float((matrix[rows.start : rows.stop] @ matrix[row]).max())
