"""The percentiles of cosines, and the threshold for sparse regions.

A text in a sparse region has no near passages. Both are measured when a generation is built.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.statistics.background import Background, mean_of_highest

SAMPLED_PASSAGES = 1_000
QUANTILES = 1_000
BATCH_SIZE = 100  # queries per matrix product
# Maximum share of passages below the threshold. Each is compared only with other entries.
MAX_SPARSE_SHARE = 0.04
# The threshold is not raised further once it exceeds the scores of this share of background texts.
MIN_BACKGROUND_SPARSE_SHARE = 0.97
# The index covers a field whose mean cosine to the nearest passages reaches this quantile of the
# passages' own mean cosines.
COVERED_FIELD_QUANTILE = 0.1
NEAREST_PASSAGES = 10
FIELD_WEIGHT = 2.0  # weight of the cosine to the mean of all passages

Number = TypeVar("Number", float, NDArray[np.float32])


@dataclass(frozen=True, slots=True)
class Calibration:
    """The distribution of the cosines of random pairs, and the threshold for sparse regions. A pair
    is a passage and the nearest passage of a random other entry. `quantiles` are 1,001 cosines; a
    share of 1 - i/1000 of random pairs exceeds quantile i. A text with a `nearness` below
    `sparse_below` is in a sparse region."""

    quantiles: Sequence[float]
    sparse_below: float

    def percentile(self, similarity: float) -> float:
        """Return the percentage of random pairs with a lower cosine, 0…100, to one decimal."""
        quantiles = self.quantiles
        at = bisect_right(quantiles, similarity)
        if not 0 < at < len(quantiles):
            return 100.0 if at else 0.0
        below, above = quantiles[at - 1 : at + 1]
        between = (similarity - below) / (above - below)
        return round(100 * (at - 1 + between) / (len(quantiles) - 1), 1)


def nearness(passages: Number, background: Number, field: Number) -> Number:
    """Score how much nearer a text is to the index than to the background texts. `passages` is the
    mean cosine to the nearest passages, `background` that to the nearest background texts (see
    `Background.nearness`). `field` is the cosine to the mean of all passages; it separates fields
    with a common vocabulary."""
    return passages - background + FIELD_WEIGHT * field


def measure(
    vectors: NDArray[np.float32], owners: Sequence[str], background: Background
) -> tuple[Calibration, Background]:
    """Calibrate on the passage `vectors` (`float32[n, d]`, unit rows); `owners` are their entry
    ids. Also return the `background` without the fields that the index covers. Deterministic."""
    random = np.random.default_rng(0)
    names, entry_of = np.unique(np.asarray(owners), return_inverse=True)
    if len(names) == 1:
        return Calibration(tuple(np.linspace(-1, 1, QUANTILES + 1).tolist()), 0.0), background
    order = np.argsort(entry_of, kind="stable")
    grouped = vectors[order]
    starts = np.searchsorted(entry_of[order], np.arange(len(names)))
    ends = np.append(starts[1:], len(vectors))
    sample = random.permutation(len(vectors))[:SAMPLED_PASSAGES]
    others = random.permutation(len(names))[: QUANTILES + 1]
    pairs: list[NDArray[np.float32]] = []
    nearest_means: list[NDArray[np.float32]] = []
    for start in range(0, len(sample), BATCH_SIZE):
        rows = sample[start : start + BATCH_SIZE]
        own = entry_of[rows]
        cosines = grouped @ vectors[rows].T
        best = np.maximum.reduceat(cosines, starts)
        pairs.append(best[others][others[:, np.newaxis] != own])
        for column, entry in enumerate(own):
            cosines[starts[entry] : ends[entry], column] = -np.inf
        nearest_means.append(mean_of_highest(cosines.T, NEAREST_PASSAGES))
    quantiles = np.quantile(np.concatenate(pairs), np.linspace(0, 1, QUANTILES + 1))
    sparse_below, outside = _sparse_threshold(
        vectors, vectors[sample], np.concatenate(nearest_means), background
    )
    return Calibration(
        tuple(round(float(value), 5) for value in quantiles), round(sparse_below, 5)
    ), outside


def _sparse_threshold(
    vectors: NDArray[np.float32],
    points: NDArray[np.float32],
    nearest_means: NDArray[np.float32],
    background: Background,
) -> tuple[float, Background]:
    """Return the threshold `sparse_below`, and the background without the fields that the index
    covers. `points` (`float32[k, d]`) are a sample of `vectors`. `nearest_means` (`float32[k]`) are
    their mean cosines to the nearest passages of other entries."""
    mean = vectors.mean(axis=0)
    texts = [
        mean_of_highest(
            background.vectors[start : start + BATCH_SIZE] @ vectors.T, NEAREST_PASSAGES
        )
        for start in range(0, len(background.vectors), BATCH_SIZE)
    ]
    of_texts = np.concatenate([*texts, np.empty(0, dtype=np.float32)])
    fields = np.array(background.fields, dtype=np.str_)
    covered = np.quantile(nearest_means, COVERED_FIELD_QUANTILE)
    own = {field for field in {*fields} if of_texts[fields == field].mean() >= covered}
    foreign = ~np.isin(fields, list(own))
    outside = Background(background.vectors[foreign], tuple(fields[foreign].tolist()))
    scores = nearness(nearest_means, outside.nearness(points), points @ mean)
    below = float(np.quantile(scores, MAX_SPARSE_SHARE))
    if outside.fields:
        empty = nearness(of_texts[foreign], outside.own_nearness(), outside.vectors @ mean)
        below = min(below, float(np.quantile(empty, MIN_BACKGROUND_SPARSE_SHARE)))
    return below, outside
