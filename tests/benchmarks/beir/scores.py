"""Measures of rankings: nDCG, hit, recall and MRR."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from statistics import fmean

from index.evaluation.measures import CUTOFF


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
