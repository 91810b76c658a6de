from __future__ import annotations

from bot.bench.emptiness import CurvePoint, curve


def test_the_curve_goes_from_nothing_empty_to_everything() -> None:
    points = curve([0.52, 0.5], [0.51, 0.4])
    assert points[0] == CurvePoint(0.4, 0.0, 0.0)
    assert points[-1] == CurvePoint(0.53, 1.0, 1.0)
    assert CurvePoint(0.41, 0.5, 0.0) in points
    assert CurvePoint(0.5, 0.5, 0.0) in points  # what lies at the threshold is not below it
    assert CurvePoint(0.51, 0.5, 0.5) in points
    assert [point.threshold for point in points] == [at / 100 for at in range(40, 54)]


def test_similarities_below_zero_have_a_curve_too() -> None:
    points = curve([0.005], [-0.015])
    assert [(point.threshold, point.unanswerable, point.answerable) for point in points] == [
        (-0.02, 0, 0),
        (-0.01, 1, 0),
        (0.0, 1, 0),
        (0.01, 1, 1),
    ]
