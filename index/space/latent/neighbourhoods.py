"""What the neighbourhood of a place is called, as a prompt moves from place to place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.space.calibration import CROWD
from index.space.landmarks import Landmarks
from index.space.latent.places import Place, entries_there, named
from index.space.neighbours import mention
from index.space.results import Mention
from index.space.sparse import is_off_the_map
from index.store import Generation

LOOKED_AT = 10  # entries near each place
GAIN = 1.0  # what a landmark that came nearer gains, beside how near it is, when a place is named


def entries_near(
    generation: Generation, text: str, point: NDArray[np.float32]
) -> dict[str, Mention]:
    """The entries near a point by their ids, the nearest first, without those that are far; none
    where the map is empty."""
    found = entries_there(generation, Place(text, point), LOOKED_AT)
    near = [mention(generation, item) for item in found]
    return {item.id: item for item in near if _is_near(generation, item)}


def category_of(generation: Generation, near: Mapping[str, Mention]) -> str:
    """The category of most of these entries, where the nearest is very close; the nearest
    decides between equals. Empty where it is not."""
    first = next(iter(near.values()), None)
    if first is None or first.similarity is None:
        return ""
    if generation.manifest.calibration.band(first.similarity) != "very close":
        return ""
    counts = Counter(item.category for item in near.values() if item.category)
    return counts.most_common(1)[0][0] if counts else ""


def categories_at(
    generation: Generation, texts: Sequence[str], points: NDArray[np.float32]
) -> list[str]:
    """The category of the entries near each of `points` (`float32[n, d]`), where `texts` lie.

    Each passage is compared with all points at once, which is quicker than to ask Chroma for the
    neighbours of one point after the other.
    """
    cosines = np.clip(points @ generation.matrix.T, -1, 1)
    return [_category_at(generation, *each) for each in zip(texts, points, cosines, strict=True)]


def _category_at(
    generation: Generation, text: str, point: NDArray[np.float32], cosines: NDArray[np.float32]
) -> str:
    band = generation.manifest.calibration.band
    if band(float(cosines.max())) != "very close":
        return ""
    crowd = np.argsort(-cosines, kind="stable")[:CROWD]
    passages = list(zip(crowd.tolist(), cosines[crowd].tolist(), strict=True))
    if is_off_the_map(generation, text, point, passages):
        return ""
    scores = np.maximum.reduceat(cosines, generation.starts)
    best = np.argsort(-scores, kind="stable")[:LOOKED_AT].tolist()
    near = [named(generation, generation.ids[at], float(scores[at])) for at in best]
    return category_of(generation, {item.id: item for item in near if _is_near(generation, item)})


def _is_near(generation: Generation, item: Mention) -> bool:
    return generation.manifest.calibration.band(item.similarity or 0.0) != "far"


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
