"""How good a ranking is, and whether one way of ranking beats another by more than chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

CUTOFF = 10  # ranks that are looked at
RESAMPLES = 2_000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Scores:
    """What a ranking is worth, or many are on average; each 0…1, higher is better."""

    ndcg_at_10: float
    hit_at_1: float
    recall_at_10: float
    mrr_at_10: float


def scores_of(found: Sequence[str], grades: Mapping[str, int]) -> Scores:
    """What a ranking of ids, the best first, is worth where `grades` says how relevant each id is
    (0 and up, not named: 0; at least one above 0)."""
    gains = [grades.get(document_id, 0) for document_id in found[:CUTOFF]]
    relevant = sum(grade > 0 for grade in grades.values())
    first = next((rank for rank, gain in enumerate(gains, start=1) if gain > 0), None)
    return Scores(
        ndcg_at_10=ndcg(gains, grades.values()),
        hit_at_1=float(first == 1),
        recall_at_10=sum(gain > 0 for gain in gains) / relevant,
        mrr_at_10=1 / first if first else 0.0,
    )


def ndcg(gains: Sequence[int], grades: Iterable[int]) -> float:
    """Normalised discounted cumulative gain, 0…1, of the grades in the order they were found,
    against the best order of all `grades`, both to rank 10.

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with the
    grade as gain and the discount log2(rank + 1), as trec_eval and BEIR have it.
    """
    ideal = _discounted(sorted(grades, reverse=True)[:CUTOFF])
    return _discounted(gains[:CUTOFF]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def mean(scores: Sequence[Scores]) -> Scores:
    """The average of each measure over queries (one at least)."""
    count = len(scores)
    return Scores(
        ndcg_at_10=sum(score.ndcg_at_10 for score in scores) / count,
        hit_at_1=sum(score.hit_at_1 for score in scores) / count,
        recall_at_10=sum(score.recall_at_10 for score in scores) / count,
        mrr_at_10=sum(score.mrr_at_10 for score in scores) / count,
    )


def interval(values: NDArray[np.float64], seed: int = 0) -> tuple[float, float]:
    """Where the mean of `values` (`float64[n]`, one a query) lies in 95% of resamples; of paired
    differences, where the mean difference lies.

    The percentile bootstrap over queries, as in Sakai, "Evaluating evaluation metrics based on
    the bootstrap" (2006), with 2,000 resamples. The same input gives the same interval.
    """
    random = np.random.default_rng(seed)
    count = len(values)
    means = [float(values[random.integers(0, count, count)].mean()) for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def share_above(high: NDArray[np.float64], low: NDArray[np.float64]) -> float:
    """The share of all comparisons of a value of `high` (`float64[n]`) with one of `low`
    (`float64[m]`) in which the first is higher, 0…1, ties counting half: the area under the ROC
    curve; 0.5 is chance.

    Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic
    (ROC) curve" (1982).
    """
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean()) / (2 * len(low))


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> float | None:
    """The rank correlation, -1…1, of two measurements of the same things (`float64[n]` each);
    equals share the mean of their ranks. None where all of one are equal, which has no order.

    Spearman, "The Proof and Measurement of Association between Two Things" (1904).
    """
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(spearmanr(first, second).statistic)
