"""What the neighbourhood of a place is called, as a prompt moves from place to place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.space.landmarks import Landmarks
from index.space.latent.places import Place, entries_there
from index.space.ranking import Candidate
from index.store import Generation

LOOKED_AT = 10  # entries near each place
NEAR, VERY_CLOSE = 85.0, 99.5  # percentiles of an entry's cosine, at least
GAIN = 1.0  # what a landmark that came nearer gains, beside how near it is, when a place is named


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


def categories_at(
    generation: Generation, texts: Sequence[str], points: NDArray[np.float32]
) -> list[str]:
    """The category of the entries near each of `points` (`float32[n, d]`), where `texts` lie."""
    return [
        category_of(generation, entries_near(generation, text, point))
        for text, point in zip(texts, points, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Styles:
    """Landmarks of style and subject, seen from where a prompt began, `start` (`float32[d]`)."""

    landmarks: Landmarks
    start: NDArray[np.float32]

    def gains(self, point: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much nearer each landmark is to `point` than to the start, `float32[n]`."""
        nearness = self.landmarks.nearness
        return np.asarray(nearness(point) - nearness(self.start), dtype=np.float32)

    def name_of(self, point: NDArray[np.float32]) -> str:
        """The landmark nearest to a point, those preferred that came nearer since the start."""
        scores = self.landmarks.nearness(point) + GAIN * self.gains(point)
        return self.landmarks.names[int(scores.argmax())]
