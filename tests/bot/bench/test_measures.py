from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench.measures import Scores, interval, mean, ndcg, scores_of, share_above, spearman

LOG3 = math.log2(3)

# Found, grades, and what a person gets with a pencil: nDCG@10, hit@1, recall@10, MRR@10.
BY_HAND: dict[str, tuple[list[str], dict[str, int], tuple[float, float, float, float]]] = {
    "first": (["a", "b"], {"a": 1}, (1, 1, 1, 1)),
    "second": (["b", "a"], {"a": 1}, (1 / LOG3, 0, 1, 1 / 2)),
    "third": (["b", "c", "a"], {"a": 1}, (1 / 2, 0, 1, 1 / 3)),
    "nothing found": ([], {"a": 1}, (0, 0, 0, 0)),
    "nothing relevant found": (["b", "c"], {"a": 1}, (0, 0, 0, 0)),
    "tenth counts": ([*"bcdefghij", "a"], {"a": 1}, (1 / math.log2(11), 0, 1, 1 / 10)),
    "eleventh does not": ([*"bcdefghijk", "a"], {"a": 1}, (0, 0, 0, 0)),
    "one of two": (["a", "c"], {"a": 1, "b": 1}, (1 / (1 + 1 / LOG3), 1, 1 / 2, 1)),
    "graded, best order": (["a", "b"], {"a": 3, "b": 1}, (1, 1, 1, 1)),
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
def test_scores_are_those_worked_by_hand(name: str) -> None:
    found, grades, worked = BY_HAND[name]
    scores = scores_of(found, grades)
    assert (
        scores.ndcg_at_10,
        scores.hit_at_1,
        scores.recall_at_10,
        scores.mrr_at_10,
    ) == pytest.approx(worked)


def test_ndcg_without_a_relevant_document_is_0() -> None:
    assert ndcg([0, 0], [0, 0]) == 0


@given(st.lists(st.integers(0, 4), min_size=1, max_size=15), st.data())
def test_no_order_beats_the_best_one(grades: list[int], data: st.DataObject) -> None:
    found = data.draw(st.permutations(grades))
    assert 0 <= ndcg(found, grades) <= 1 + 1e-12
    if any(grades):
        assert ndcg(sorted(grades, reverse=True), grades) == pytest.approx(1)


def test_the_mean_is_taken_measure_by_measure() -> None:
    assert mean([Scores(1, 1, 0.5, 1), Scores(0, 0, 0.5, 0.5)]) == Scores(0.5, 0.5, 0.5, 0.75)


def test_the_interval_of_equal_differences_is_that_difference() -> None:
    assert interval(np.full(50, 0.25)) == pytest.approx((0.25, 0.25))
    assert interval(np.zeros(1)) == (0, 0)


def test_the_interval_is_about_two_standard_errors_to_both_sides() -> None:
    differences = np.random.default_rng(1).normal(0.1, 0.2, 400)
    low, high = interval(differences)
    error = differences.std() / math.sqrt(400)
    assert low == pytest.approx(differences.mean() - 1.96 * error, abs=0.2 * error)
    assert high == pytest.approx(differences.mean() + 1.96 * error, abs=0.2 * error)


def test_the_same_input_gives_the_same_interval() -> None:
    differences = np.random.default_rng(2).normal(0, 1, 30)
    assert interval(differences) == interval(differences)
    assert interval(differences) != interval(differences, seed=1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([1, 2, 3, 4], [10, 20, 30, 99], 1.0),
        ([1, 2, 3, 4], [4, 3, 2, 1], -1.0),
        ([1, 2, 3, 4], [1, 3, 2, 4], 0.8),
        ([1, 1, 2], [5, 6, 7], 0.8660),  # ranks 1.5, 1.5, 3 with 1, 2, 3
        ([1, 1, 1], [1, 2, 3], None),
    ],
)
def test_rank_correlation_is_that_of_spearman(
    first: list[float], second: list[float], expected: float | None
) -> None:
    found = spearman(np.array(first, dtype=float), np.array(second, dtype=float))
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-4))


@pytest.mark.parametrize(
    ("high", "low", "expected"),
    [
        ([0.8, 0.9], [0.1, 0.2], 1.0),
        ([0.1, 0.2], [0.8], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.4, 0.6], [0.5, 0.4], (0.25 + 1) / 2),
        ([1.0, 3.0], [2.0, 0.0], 0.75),
        ([1.0], [1.0, 1.0], 0.5),
    ],
)
def test_the_share_above_counts_pairs_in_the_right_order(
    high: list[float], low: list[float], expected: float
) -> None:
    assert share_above(np.array(high), np.array(low)) == pytest.approx(expected)
