"""Landmarks of style and subject, used to name the neighbourhood of a prompt.

`landmarks.yaml` holds three texts for each tone, genre, profession, feeling, format and domain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

# Minimum gain in cosine of a landmark that is clearly nearer, in standard deviations above the mean
# gain of all landmarks. The largest of 300 random gains is about 3 above.
MIN_DEVIATIONS = 3.5


@dataclass(frozen=True, slots=True)
class NamedText:
    """A short text that belongs to the landmark `name`."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, hexadecimal, comparable with `Passage.digest`."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def landmark_texts() -> tuple[NamedText, ...]:
    import yaml  # slow to import, and few queries need it

    file = resources.files("index.statistics") / "landmarks.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, ten times as fast
    groups: dict[str, dict[str, list[str]]]
    groups = yaml.load(file.read_text(encoding="utf-8"), loader)  # noqa: S506
    return tuple(
        NamedText(name, text)
        for names in groups.values()
        for name, texts in names.items()
        for text in texts
    )


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """The landmarks in the embedding space of one model. `points` (`float32[n, d]`) are the mean
    directions of their texts. `usual` (`float32[n]`) is the mean cosine of each landmark to all
    others; it corrects for landmarks that are near any prompt."""

    names: tuple[str, ...]
    points: NDArray[np.float32]
    usual: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: Mapping[str, NDArray[np.float32]]) -> Landmarks:
        """Build the landmarks from the `vectors` (`float32[d]`) of their texts, keyed by digest."""
        texts = landmark_texts()
        names = tuple(dict.fromkeys(one.name for one in texts))
        points = np.stack(
            [sum(vectors[one.digest] for one in texts if one.name == name) for name in names]
        )
        points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
        alike = points @ points.T
        usual = (alike.sum(axis=1) - 1) / max(1, len(names) - 1)
        return cls(names, points, np.asarray(usual, dtype=np.float32))

    def gains(self, start: NDArray[np.float32], point: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of each landmark to `point` minus that to `start`, `float32[n]`, or 0
        if the landmark is not clearly nearer to `point`."""
        gains = self.points @ (point - start)
        return np.where(gains > gains.mean() + MIN_DEVIATIONS * gains.std(), gains, 0).clip(0)

    def name_of(self, start: NDArray[np.float32], point: NDArray[np.float32]) -> str:
        """Return the landmark with the highest cosine to `point`, after subtracting `usual` and
        adding the gain since `start`. It is the one nearest to `start` or is clearly nearer now."""
        own = int((self.points @ start - self.usual).argmax())
        gains = self.gains(start, point)
        scores = np.where(gains > 0, self.points @ point - self.usual + gains, -np.inf)
        scores[own] = self.points[own] @ point - self.usual[own] + gains[own]
        return self.names[int(scores.argmax())]
