"""Measures of rankings, and bootstrap confidence intervals for them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

CUTOFF = 10  # ranks that are evaluated
RESAMPLES = 2_000
LEVEL = 0.95

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """The quality of a ranking, or the mean over several rankings. Each measure is 0…1."""

    ndcg_at_10: float
    hit_at_1: float
    recall_at_10: float
    mrr_at_10: float


def scores_of(found: Sequence[str], grades: Mapping[str, int]) -> Scores:
    """Score a ranking of ids, best first.

    `grades` maps ids to their relevance (0 or more, at least one above 0). A missing id has
    relevance 0. nDCG follows Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR
    techniques" (2002), with the grade as gain and the discount log2(rank + 1), like trec_eval and
    BEIR.
    """
    gains = [grades.get(document_id, 0) for document_id in found[:CUTOFF]]
    ideal = sorted(grades.values(), reverse=True)[:CUTOFF]
    relevant = sum(grade > 0 for grade in grades.values())
    first = next((rank for rank, gain in enumerate(gains, start=1) if gain > 0), None)
    return Scores(
        ndcg_at_10=_discounted(gains) / _discounted(ideal),
        hit_at_1=float(first == 1),
        recall_at_10=sum(gain > 0 for gain in gains) / relevant,
        mrr_at_10=1 / first if first else 0.0,
    )


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def mean(scores: Sequence[Scores]) -> Scores:
    """Average each measure over queries (at least one)."""
    return Scores(*map(fmean, zip(*map(astuple, scores), strict=True)))


def interval(statistic: Callable[..., float], *samples: Values) -> tuple[float, float]:
    """Return the 95% bootstrap interval of a statistic of one or more samples, to four decimals.

    A sample is `float64[n]`, one value per query. The method is the percentile bootstrap, as in
    Sakai, "Evaluating evaluation metrics based on the bootstrap" (2006), with 2,000 resamples.
    The same input gives the same interval.
    """
    random = np.random.default_rng(0)
    resampled = [
        statistic(*(random.choice(sample, len(sample)) for sample in samples))
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return round(float(low), 4), round(float(high), 4)


def roc_area(high: Values, low: Values) -> float:
    """Return the area under the ROC curve, 0…1; 0.5 is chance.

    The area is the share of pairs of a value from `high` (`float64[n]`) and a value from `low`
    (`float64[m]`) in which the first value is higher; ties count half. Hanley and McNeil, "The
    meaning and use of the area under a receiver operating characteristic (ROC) curve" (1982).
    """
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean()) / (2 * len(low))
