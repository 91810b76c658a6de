"""Laying points of many dimensions out flat, so that what is beside a point is truly near it.

The method is NeRV with Student's t as t-SNE has it: Venna, Peltonen, Nybo, Aidos and Kaski,
"Information Retrieval Perspective to Nonlinear Dimensionality Reduction for Data Visualization"
(2010). t-SNE punishes neighbours that the picture loses; NeRV punishes neighbours that it makes up
as well, by how much it is told, and those mislead who reads a map.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.courtesy import give_way

LOST = 0.05  # how much a lost neighbour counts; one that is made up counts the rest
STEPS = 500
MENDING = 60  # steps from a start that is nearly right
GATHERING = 100  # first steps, in which the neighbours are pulled together more strongly
PULL = 4.0  # times as strongly
FLOOR = 0.1  # least affinity of a pair, in parts of the mean
HALVINGS = 40  # of the interval in which a width is sought
TINY = 1e-12


def affinities(centres: NDArray[np.float32], neighbours: float) -> NDArray[np.float32]:
    """How strongly each two points belong together, when each is to have so many `neighbours` (its
    perplexity): `float32[n, n]`, symmetric, 1 in all. `centres` is `float32[n, d]`, unit rows."""
    count = len(centres)
    apart = np.maximum(2 - 2 * (centres @ centres.T), 0).astype(np.float64)
    np.fill_diagonal(apart, np.inf)
    apart -= apart.min(axis=1, keepdims=True)
    np.fill_diagonal(apart, 0)
    itself = np.eye(count, dtype=bool)
    wanted = np.log(min(neighbours, (count - 1) / 1.5))
    low, high = np.zeros((count, 1)), np.full((count, 1), np.inf)
    narrow = np.full((count, 1), 10.0)
    for _ in range(HALVINGS):
        weights = np.exp(-narrow * apart)
        weights[itself] = 0
        total = weights.sum(axis=1, keepdims=True)
        entropy = np.log(total) + narrow * (weights * apart).sum(axis=1, keepdims=True) / total
        wide = entropy > wanted
        low, high = np.where(wide, narrow, low), np.where(wide, high, narrow)
        narrow = np.where(np.isinf(high), np.minimum(2 * narrow, 1e9), (low + high) / 2)
        give_way()
    shares = weights / total
    return np.asarray((shares + shares.T) / (2 * count), dtype=np.float32)


def unfold(
    affinity: NDArray[np.float32],
    start: NDArray[np.float32],
    *,
    gather: bool = True,
    steps: int = STEPS,
) -> NDArray[np.float32]:
    """The places of points (`float32[n, 2]`, of any scale) that belong together by `affinity`
    (see `affinities`), moved from `start`. With `gather` the start is drawn together first, and
    hardly decides; else it is only mended, in `MENDING` steps instead of `steps`."""
    count = len(affinity)
    rate = max(count / 6, 10.0)
    floored = np.maximum(affinity, FLOOR / count**2)
    logs = np.log(floored / floored.sum())
    places = start.astype(np.float32).copy()
    speed, gains = np.zeros_like(places), np.ones_like(places)
    for step in range(steps) if gather else range(GATHERING, GATHERING + MENDING):
        squares = (places * places).sum(axis=1)
        apart = squares[:, None] + squares - 2 * (places @ places.T)
        closeness = 1 / (1 + np.maximum(apart, 0))
        np.fill_diagonal(closeness, 0)
        shown = closeness / closeness.sum()
        if step < GATHERING:
            force = (PULL * affinity - shown) * closeness
        else:
            excess = np.log(np.maximum(shown, TINY)) - logs
            mean = float((shown * excess).sum())
            force = LOST * (affinity - shown) + (1 - LOST) * shown * (mean - excess)
            force *= closeness
        slope = 4 * (force.sum(axis=1)[:, None] * places - force @ places)
        steady = np.sign(slope) == np.sign(speed)
        gains = np.maximum(np.where(steady, gains * 0.8, gains + 0.2), 0.01)
        speed = (0.5 if step < GATHERING else 0.8) * speed - rate * gains * slope
        places += speed
        give_way()
    return np.asarray(places - places.mean(axis=0), dtype=np.float32)
