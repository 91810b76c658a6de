"""Bootstrap confidence intervals, and the area under the ROC curve."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

CUTOFF = 10  # ranks that are evaluated
RESAMPLES = 2_000
LEVEL = 0.95

Values = NDArray[np.float64]


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
