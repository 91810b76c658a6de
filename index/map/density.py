"""The ground of a map: where entries stand close, and where it is empty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PALE = 0.1  # of the density where entries stand close; less is pale
RIM = 0.06  # of the width, beyond the outermost entries, at which a text can stand
CELLS = 120  # along each side, in which pale ground is looked for
WIDEST, NARROWEST = 0.05, 0.022  # of the width: how far an entry makes its ground populated
COUNT = 200  # entries at which that is `WIDEST`


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the map: from `left` to `right` and from `bottom` to `top`, in shares."""

    left: float
    right: float
    bottom: float
    top: float


def reach(count: int) -> float:
    """How far each of `count` entries makes the ground around it populated, as a share of the
    width: the less the more there are."""
    return float(np.clip(WIDEST * (COUNT / max(1, count)) ** 0.2, NARROWEST, WIDEST))


def density(
    positions: NDArray[np.float32], frame: Frame, rows: int, columns: int, reach: float
) -> NDArray[np.float32]:
    """How close entries stand in each cell of a frame, `float32[rows, columns]` from the bottom
    left: a sum of bells, `reach` wide, of height 1."""
    counts, _, _ = np.histogram2d(
        positions[:, 1],
        positions[:, 0],
        bins=(rows, columns),
        range=((frame.bottom, frame.top), (frame.left, frame.right)),
    )
    from scipy.ndimage import gaussian_filter  # takes a while to import

    width = reach * columns / (frame.right - frame.left)
    height = reach * rows / (frame.top - frame.bottom)
    blurred = gaussian_filter(counts, (height, width), mode="constant", truncate=3.0)
    return np.asarray(blurred * (2 * np.pi * width * height), dtype=np.float32)


def crowded(ground: NDArray[np.float32], positions: NDArray[np.float32], frame: Frame) -> float:
    """How close entries stand where they stand close: half of them stand less close."""
    rows, columns = ground.shape
    across = (positions[:, 0] - frame.left) / (frame.right - frame.left) * columns
    up = (positions[:, 1] - frame.bottom) / (frame.top - frame.bottom) * rows
    inside = (across >= 0) & (across < columns) & (up >= 0) & (up < rows)
    if not inside.any():
        return 1.0
    found = ground[up[inside].astype(int), across[inside].astype(int)]
    return max(1.0, float(np.quantile(found, 0.5)))


def pale_place(positions: NDArray[np.float32], x: float, y: float) -> tuple[float, float]:
    """The place on pale ground that is nearest to (x, y), or the palest there is."""
    frame = Frame(-RIM, 1 + RIM, -RIM, 1 + RIM)
    ground = density(positions, frame, CELLS, CELLS, reach(len(positions)))
    steps = -RIM + (np.arange(CELLS) + 0.5) / CELLS * (1 + 2 * RIM)
    far = (steps[np.newaxis, :] - x) ** 2 + (steps[:, np.newaxis] - y) ** 2
    pale = ground < PALE / 6 * crowded(ground, positions, frame)
    best = np.where(pale, far, np.inf) if pale.any() else ground
    row, column = np.unravel_index(int(best.argmin()), best.shape)
    return float(steps[column]), float(steps[row])
