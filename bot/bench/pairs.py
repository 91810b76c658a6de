"""Whether percentiles are what they say: random pairs that the calibration has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.bench.measures import spearman
from bot.terminal.progress import Report
from index.embedder import Embedder, embed_documents
from index.errors import NotFound
from index.store import Generation

PAIRS = 20_000
COMPARED = 2_000  # of them, with a second model
SEED = 1  # the calibration draws with another
DECILES = 10


@dataclass(frozen=True, slots=True)
class OtherModel:
    """How a second model orders the first `pairs` pairs: `rank_correlation` is Spearman's, of the
    percentiles of the one with those of the other (-1…1), None where one of them gave all pairs
    the same."""

    model: str
    pairs: int
    rank_correlation: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBench:
    """What fresh random pairs said of an index's percentiles.

    `deciles` are the shares of pairs, 0…1, whose percentile is in 0…10, 10…20 and so on: 0.1
    each where percentiles are what they say. `deviation` is how far the worst of them is from
    that, in points of 100.
    """

    kind: Literal["calibration_bench"] = "calibration_bench"
    generation: str
    model: str
    entries: int
    passages: int
    pairs: int
    deciles: tuple[float, ...]
    deviation: float
    other: OtherModel | None


def bench_calibration(
    generation: Generation,
    other: Embedder | None = None,
    report: Report = lambda *_: None,
    count: int = PAIRS,
) -> CalibrationBench:
    """Draws `count` random pairs and looks at their percentiles; some of them are also compared
    by the model `other`.

    Raises `NotFound` when the index has no pair, a `NearsayError` when it, or the other model,
    cannot be used.
    """
    pairs = drawn(generation, count)
    percentile = generation.manifest.calibration.percentile
    percentiles = np.array(
        [
            percentile(similarity)
            for similarity in _similarities(generation, pairs, generation.matrix)
        ]
    )
    shares = deciles_of(percentiles)
    return CalibrationBench(
        generation=generation.id,
        model=generation.model,
        entries=len(generation.entries),
        passages=len(generation.passages),
        pairs=len(pairs),
        deciles=tuple(round(float(share), 4) for share in shares),
        deviation=round(100 * float(np.abs(shares - 1 / DECILES).max()), 2),
        other=_compared(generation, pairs, percentiles, other, report) if other else None,
    )


def drawn(generation: Generation, count: int, seed: int = SEED) -> list[tuple[int, str]]:
    """`count` pairs of the row of a random passage and the id of another entry than its own; the
    same ones each time."""
    ids = list(generation.entries)
    if len(ids) < 2:
        raise NotFound(
            "The index has a single entry, so there are no pairs.", "Add some: nearsay index"
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


def deciles_of(percentiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of `percentiles` (0…100 each) in each tenth, `float64[10]`; 100 is in the last."""
    tenth = np.minimum(percentiles // (100 / DECILES), DECILES - 1).astype(np.int64)
    counts = np.bincount(tenth, minlength=DECILES)
    return np.asarray(counts / len(percentiles), dtype=np.float64)


def _compared(
    generation: Generation,
    pairs: Sequence[tuple[int, str]],
    percentiles: NDArray[np.float64],
    other: Embedder,
    report: Report,
) -> OtherModel:
    """Percentiles rise with similarity, so the second model's similarities are ranked as its
    percentiles would be."""
    compared = pairs[:COMPARED]
    rows = sorted(
        {row for row, _ in compared}.union(*(generation.rows_of[other] for _, other in compared))
    )
    texts = [generation.passages[row].embedded for row in rows]
    vectors = embed_documents(
        other, texts, lambda done, total: report("Embedding with the second model", done, total)
    )
    matrix = np.zeros((len(generation.passages), vectors.shape[1]), dtype=np.float32)
    matrix[rows] = vectors
    theirs = np.array(_similarities(generation, compared, matrix))
    found = spearman(percentiles[: len(compared)], theirs)
    return OtherModel(other.name, len(compared), None if found is None else round(found, 4))


def _similarities(
    generation: Generation, pairs: Sequence[tuple[int, str]], matrix: NDArray[np.float32]
) -> list[float]:
    """The cosine of each pair, to the best passage of the entry; `matrix` is `float32[n, d]` with
    a unit row a passage."""
    return [
        float((matrix[rows.start : rows.stop] @ matrix[row]).max())
        for row, rows in ((row, generation.rows_of[other]) for row, other in pairs)
    ]
