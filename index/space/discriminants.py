"""What tells each entry from all others, learned from the passages of a generation.

Fisher's linear discriminant ("The use of multiple measurements in taxonomic problems", 1936) with
an entry as a class and its passages as the examples: directions in which passages of one entry
differ anyway count little, those in which only entries differ count much.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SHRINKAGE = 1.0  # of the mean variance within entries, added in every direction


def discriminants(vectors: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """The discriminant of each entry, `float32[e, d + 1]`; the passages of entry i are the rows of
    `vectors` (`float32[n, d]`) from `starts[i]` on.

    Row i times a point with a 1 behind it says how far the point lies towards entry i, in
    standard deviations of what differs within entries. An entry that lies at the mean of all has
    zeros.
    """
    counts = np.diff(np.append(starts, len(vectors)))
    places = np.add.reduceat(vectors, starts, axis=0) / counts[:, np.newaxis]
    mean = places.mean(axis=0)
    inverse = _inverse(vectors - np.repeat(places, counts, axis=0))
    directions = (places - mean) @ inverse
    lengths = np.sqrt(np.maximum(0, np.einsum("ij,ij->i", directions, places - mean)))
    directions /= np.maximum(lengths, 1e-6)[:, np.newaxis]
    return np.column_stack([directions, -directions @ mean]).astype(np.float32)


def _inverse(differences: NDArray[np.float32]) -> NDArray[np.floating[Any]]:
    """The inverse of the covariance within entries, made sure by shrinking; where each entry is
    one passage and nothing differs, no direction counts more than another."""
    within = (differences.T @ differences).astype(np.float64) / len(differences)
    variance = float(np.trace(within)) / len(within)
    if variance < 1e-9:
        return np.eye(len(within))
    return np.linalg.inv(within + SHRINKAGE * variance * np.eye(len(within)))
