import math

import numpy as np
import pytest

from index.evaluation.measures import interval, roc_area, scores_of

LOG3 = math.log2(3)

# The ranking, the grades, and nDCG@10, hit@1, recall@10 and MRR@10 worked out by hand.
BY_HAND: dict[str, tuple[list[str], dict[str, int], tuple[float, float, float, float]]] = {
    "first": (["a", "b"], {"a": 1}, (1, 1, 1, 1)),
    "third": (["b", "c", "a"], {"a": 1}, (1 / 2, 0, 1, 1 / 3)),
    "nothing relevant found": (["b", "c"], {"a": 1}, (0, 0, 0, 0)),
    "tenth counts": ([*"bcdefghij", "a"], {"a": 1}, (1 / math.log2(11), 0, 1, 1 / 10)),
    "eleventh does not": ([*"bcdefghijk", "a"], {"a": 1}, (0, 0, 0, 0)),
    "one of two": (["a", "c"], {"a": 1, "b": 1}, (1 / (1 + 1 / LOG3), 1, 1 / 2, 1)),
    "graded, turned round": (
        ["b", "a"],
        {"a": 3, "b": 1},
        ((1 + 3 / LOG3) / (3 + 1 / LOG3), 1, 1, 1),
    ),
    "a grade of 0 is not relevant": (["b", "a"], {"a": 2, "b": 0}, (1 / LOG3, 0, 1, 1 / 2)),
    "more relevant than ranks": (
        [str(at) for at in range(12)],
        {str(at): 1 for at in range(20)},
        (1, 1, 10 / 20, 1),
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_scores_equal_hand_computed_values(name: str) -> None:
    found, grades, (ndcg, hit, recall, mrr) = BY_HAND[name]
    scores = scores_of(found, grades)
    assert (scores.hit_at_1, scores.recall_at_10) == (hit, recall)
    assert (scores.ndcg_at_10, scores.mrr_at_10) == pytest.approx((ndcg, mrr))


def test_the_interval_spans_about_two_standard_errors_on_each_side() -> None:
    differences = np.random.default_rng(1).normal(0.1, 0.2, 400)
    low, high = interval(np.mean, differences)
    error = differences.std() / math.sqrt(400)
    assert low == pytest.approx(differences.mean() - 1.96 * error, abs=0.2 * error)
    assert high == pytest.approx(differences.mean() + 1.96 * error, abs=0.2 * error)
    assert interval(np.mean, differences) == (low, high)
    assert interval(np.mean, np.full(50, 0.25)) == (0.25, 0.25)


@pytest.mark.parametrize(
    ("high", "low", "expected"),
    [
        ([0.8, 0.9], [0.1, 0.2], 1.0),
        ([0.4, 0.6], [0.5, 0.4], (0.25 + 1) / 2),
        ([1.0, 3.0], [2.0, 0.0], 0.75),
        ([1.0], [1.0, 1.0], 0.5),
    ],
)
def test_roc_area_is_the_share_of_correctly_ordered_pairs(
    high: list[float], low: list[float], expected: float
) -> None:
    assert roc_area(np.array(high), np.array(low)) == pytest.approx(expected)
