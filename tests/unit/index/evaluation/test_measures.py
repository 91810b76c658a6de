import math

import numpy as np
import pytest

from index.evaluation.measures import interval, roc_area


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
