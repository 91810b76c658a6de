"""What the neighbourhood of a place is called, as a prompt moves from place to place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from index.space.latent.places import Place, entries_there
from index.space.ranking import Candidate
from index.store import Generation

LOOKED_AT = 10  # entries near each place
NEAR, VERY_CLOSE = 85.0, 99.5  # percentiles of an entry's cosine, at least


def entries_near(
    generation: Generation, text: str, point: NDArray[np.float32]
) -> dict[str, Candidate]:
    """The entries near a point by their ids, the nearest first, without those that are far; none
    where the map is empty."""
    found = entries_there(generation, Place(text, point), LOOKED_AT)
    percentile = generation.manifest.calibration.percentile
    return {item.entry_id: item for item in found if percentile(item.cosine) >= NEAR}


def category_of(generation: Generation, near: Mapping[str, Candidate]) -> str:
    """The category of most of these entries, where the nearest is very close; the nearest
    decides between equals. Empty where it is not."""
    first = next(iter(near.values()), None)
    if first is None or generation.manifest.calibration.percentile(first.cosine) < VERY_CLOSE:
        return ""
    categories = [generation.entries[entry_id].category for entry_id in near]
    counts = Counter(category for category in categories if category)
    return counts.most_common(1)[0][0] if counts else ""
