"""Place labels without overlaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; the origin is at the bottom left."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Whether the boxes overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def within(self, other: Box) -> bool:
        """Whether the box lies within `other`."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


class FreeSpace:
    """The free space of a picture: boxes are reserved one by one, without overlaps."""

    def __init__(self, whole: Box, dots: NDArray[np.float32]) -> None:
        """Start with no box reserved; covering `dots` (`float32[n, 2]`, in pixels) has a cost."""
        self._whole = whole
        self._taken: list[Box] = []
        self._across, self._up = dots.T.copy()

    def take(self, box: Box) -> None:
        """Reserve a box, even if it overlaps others."""
        self._taken.append(box)

    def best(self, boxes: Iterable[tuple[float, Box]], dot: float) -> tuple[float, Box] | None:
        """Return the cheapest free box with its cost, or None.

        `boxes` are pairs of a box and its cost; each covered dot adds `dot` to the cost. No box is
        reserved.
        """
        found = [(cost + dot * self._dots(box), box) for cost, box in boxes if self._is_free(box)]
        return min(found, key=lambda one: one[0], default=None)

    def _is_free(self, box: Box) -> bool:
        return box.within(self._whole) and not any(box.overlaps(other) for other in self._taken)

    def _dots(self, box: Box) -> int:
        beside = (self._across > box.left) & (self._across < box.right)
        return int(np.count_nonzero(beside & (self._up > box.bottom) & (self._up < box.top)))
