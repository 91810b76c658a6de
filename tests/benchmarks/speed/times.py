"""Times that were measured, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions that were asked together: the `seconds` of each, and those that all of them
    took. `acknowledged` has the seconds until each was acknowledged, where that is done first."""

    seconds: list[float]
    whole: float
    acknowledged: list[float] | None = None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Times:
    """Times in milliseconds: the median, and what 5%, 95% and 99% of the `count` are below."""

    median: float
    p5: float
    p95: float
    p99: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        """Raises `ValueError` when there are none."""
        if not seconds:
            raise ValueError("no times were measured")
        p50, p5, p95, p99 = np.percentile(np.asarray(seconds) * 1_000, (50, 5, 95, 99)).tolist()
        return cls(round(p50, 3), round(p5, 3), round(p95, 3), round(p99, 3), len(seconds))
