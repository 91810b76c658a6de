"""Telling questions that nothing answers from those that something does, by how much nearer they
are to the index than to anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEP = 0.01  # of nearness, between two points of a curve


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The shares of unanswerable and of answerable questions, 0…1, that are called empty when
    those are whose nearness is less than `threshold`."""

    threshold: float
    unanswerable: float
    answerable: float


def curve(answerable: Sequence[float], unanswerable: Sequence[float]) -> tuple[CurvePoint, ...]:
    """The shares as the threshold moves in hundredths, from where nothing is called empty to
    where everything is. Given is the nearness of each question, one at least of each kind."""
    one, other = np.sort(np.asarray(answerable)), np.sort(np.asarray(unanswerable))
    low = int(np.floor(min(one[0], other[0]) / STEP))
    high = int(np.floor(max(one[-1], other[-1]) / STEP)) + 1
    return tuple(
        CurvePoint(round(at * STEP, 2), _below(other, at * STEP), _below(one, at * STEP))
        for at in range(low, high + 1)
    )


def _below(ordered: NDArray[np.float64], threshold: float) -> float:
    """The share of values below a threshold."""
    return round(float(np.searchsorted(ordered, threshold - 1e-9)) / len(ordered), 4)
