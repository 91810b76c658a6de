import math

import pytest

from tests.benchmarks.beir.scores import scores_of

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
