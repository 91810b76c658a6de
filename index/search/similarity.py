"""The number that is shown and that lists are sorted by: similarity, 0…1.

For a text and an entry it is the chance that the entry is what was meant, or is linked with it by
a related term: a logistic function of the entry's score, and less than a third of that where the
text is out of the index's domain. For two entries it is the chance that one names the other as
related: a logistic function of how much nearer their places are than those of two entries drawn
at random, and of whether they do.

The first coefficients are of a logistic regression over the tuning half of the golden questions,
with the five nearest entries of each; the second ones of one over all pairs of entries of the
bundled encyclopedia.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.storage import Generation

Band = Literal["very close", "close", "related", "far"]

PER_SCORE, OFFSET = 0.99, -4.3
HIGHEST = 0.99  # 1 is for an entry that was named
OUT_OF_DOMAIN = 0.3  # share of it that is left there, so that nothing is "close"
PER_DEVIATION, LINKED, PAIR_OFFSET = 1.75, 1.2, -3.5
# The least similarity of each band.
BANDS: tuple[tuple[float, Band], ...] = ((0.8, "very close"), (0.5, "close"), (0.25, "related"))


def similarity_of(
    scores: NDArray[np.float32], *, out_of_domain: bool = False
) -> NDArray[np.float32]:
    """The similarities (`float32[k]`) of entries with these scores, in standard deviations."""
    similarities = np.minimum(_logistic(PER_SCORE * scores + OFFSET), HIGHEST)
    share = np.float32(OUT_OF_DOMAIN if out_of_domain else 1)
    return np.asarray(similarities * share, dtype=np.float32)


def entry_similarities(
    generation: Generation, entry_id: str, others: NDArray[np.int64] | None = None
) -> NDArray[np.float32]:
    """The similarity of an entry to every entry, or to those with the numbers `others`,
    `float32[k]`; 1 to itself."""
    number = generation.number_of[entry_id]
    numbers = np.arange(len(generation.ids)) if others is None else others
    mean, deviation = generation.place_spread.pairs(len(generation.ids))
    # Products in a fixed order, so that a pair has the very same value either way.
    cosines = np.einsum("ij,j->i", generation.centres[numbers], generation.centres[number])
    scores = PER_DEVIATION * (cosines - mean) / deviation + PAIR_OFFSET
    linked = [generation.number_of[other] for other in generation.links[entry_id]]
    scores[np.isin(numbers, linked)] += LINKED
    similarities = _logistic(scores)
    similarities[numbers == number] = 1.0
    return similarities


def entry_similarity(generation: Generation, one: str, other: str) -> float:
    """The similarity of two entries, the same either way."""
    others = np.array([generation.number_of[other]])
    return round(float(entry_similarities(generation, one, others)[0]), 4)


def band_of(similarity: float) -> Band:
    """A similarity in words."""
    return next((band for least, band in BANDS if similarity >= least), "far")


def _logistic(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float32)
