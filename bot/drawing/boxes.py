"""Where labels can stand so that none covers another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELL = 8  # pixels along each side, in which dots are counted


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, from the bottom left."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether the two have a point in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def within(self, other: Box) -> bool:
        """Whether it lies in `other`."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )

    def wider(self, by: float) -> Box:
        """The same with a rim of `by` pixels."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)


class Room:
    """What is free of a picture: boxes are taken one by one, and none meets another."""

    def __init__(self, whole: Box, dots: NDArray[np.float32]) -> None:
        """`dots` (`float32[n, 2]`, in pixels) are better not covered, but can be."""
        self._whole = whole
        self._taken: list[Box] = []
        edges = [
            np.arange(low, high + CELL, CELL)
            for low, high in ((whole.left, whole.right), (whole.bottom, whole.top))
        ]
        counts, _, _ = np.histogram2d(dots[:, 0], dots[:, 1], bins=edges)
        self._sums = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1))
        self._sums[1:, 1:] = counts.cumsum(0).cumsum(1)

    def take(self, box: Box) -> None:
        """Takes a box, whatever else is there."""
        self._taken.append(box)

    def is_free(self, box: Box) -> bool:
        """Whether a box lies in the picture and meets none that is taken."""
        return box.within(self._whole) and not any(box.meets(other) for other in self._taken)

    def best(self, boxes: Iterable[tuple[float, Box]], dot: float) -> tuple[float, Box] | None:
        """The cheapest of the boxes that are free, with its cost. Each is given with what it
        costs, and each dot under it costs `dot` more. None where none is free; the box is not yet
        taken."""
        found = [
            (cost + dot * self._dots(box), at, box)
            for at, (cost, box) in enumerate(boxes)
            if self.is_free(box)
        ]
        if not found:
            return None
        cost, _, box = min(found, key=lambda one: one[:2])
        return cost, box

    def _dots(self, box: Box) -> float:
        """About how many dots lie under a box."""
        left, right = (int((x - self._whole.left) // CELL) for x in (box.left, box.right))
        bottom, top = (int((y - self._whole.bottom) // CELL) for y in (box.bottom, box.top))
        columns, rows = self._sums.shape
        left, right = max(0, left), min(columns - 1, right + 1)
        bottom, top = max(0, bottom), min(rows - 1, top + 1)
        sums = self._sums
        return float(sums[right, top] - sums[left, top] - sums[right, bottom] + sums[left, bottom])
