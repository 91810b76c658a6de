"""Density of entries on a map, and the empty regions of the map.

Positions are `float32[e, 2]`, as fractions of the width and height of the map.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EMPTY_DENSITY = 0.1  # fraction of the typical density below which the map is drawn as empty
MARGIN = 0.06  # around the outermost entries, as a fraction of the map width
CELLS = 120  # grid cells along each side in the search for empty regions
WIDEST, NARROWEST = 0.05, 0.022  # bounds of the kernel width, as fractions of the map width
WIDEST_UP_TO = 200  # number of entries up to which the kernel has its greatest width


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the map, with edges as fractions of its width and height."""

    left: float
    right: float
    bottom: float
    top: float


def kernel_width(count: int) -> float:
    """Return the kernel width for `count` entries, as a fraction of the map width."""
    return float(np.clip(WIDEST * (WIDEST_UP_TO / max(1, count)) ** 0.2, NARROWEST, WIDEST))


def density(
    positions: NDArray[np.float32], frame: Frame, rows: int, columns: int, reach: float
) -> NDArray[np.float32]:
    """Estimate the density of entries in a frame: `float32[rows, columns]`, bottom row first. Each
    kernel is a Gaussian of height 1. Its standard deviation is `reach`, in map widths."""
    counts, _, _ = np.histogram2d(
        positions[:, 1],
        positions[:, 0],
        bins=(rows, columns),
        range=((frame.bottom, frame.top), (frame.left, frame.right)),
    )
    from scipy.ndimage import gaussian_filter  # slow to import

    width = reach * columns / (frame.right - frame.left)
    height = reach * rows / (frame.top - frame.bottom)
    blurred = gaussian_filter(counts, (height, width), mode="constant", truncate=3.0)
    return np.asarray(blurred * (2 * np.pi * width * height), dtype=np.float32)


def typical_density(
    ground: NDArray[np.float32], positions: NDArray[np.float32], frame: Frame
) -> float:
    """Return the median of `ground` (see `density`) at the entries in the frame, at least 1."""
    rows, columns = ground.shape
    across = (positions[:, 0] - frame.left) / (frame.right - frame.left) * columns
    up = (positions[:, 1] - frame.bottom) / (frame.top - frame.bottom) * rows
    inside = (across >= 0) & (across < columns) & (up >= 0) & (up < rows)
    if not inside.any():
        return 1.0
    found = ground[up[inside].astype(int), across[inside].astype(int)]
    return max(1.0, float(np.quantile(found, 0.5)))


def nearest_empty_position(
    positions: NDArray[np.float32], x: float, y: float
) -> tuple[float, float]:
    """Return the position nearest to (x, y) in an empty region. If no region is empty, return the
    least dense position."""
    frame = Frame(-MARGIN, 1 + MARGIN, -MARGIN, 1 + MARGIN)
    ground = density(positions, frame, CELLS, CELLS, kernel_width(len(positions)))
    steps = -MARGIN + (np.arange(CELLS) + 0.5) / CELLS * (1 + 2 * MARGIN)
    far = (steps[np.newaxis, :] - x) ** 2 + (steps[:, np.newaxis] - y) ** 2
    pale = ground < EMPTY_DENSITY / 6 * typical_density(ground, positions, frame)
    best = np.where(pale, far, np.inf) if pale.any() else ground
    row, column = np.unravel_index(int(best.argmin()), best.shape)
    return float(steps[column]), float(steps[row])
