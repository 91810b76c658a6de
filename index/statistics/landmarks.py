"""Places in style and subject by which a prompt's neighbourhood is named: tones, genres,
professions, feelings, formats and domains, each of three texts in `landmarks.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.statistics.background import NamedText, texts_in

GAIN = 1.0  # what a landmark that came nearer gains, beside how near it is, when a place is named


def landmark_texts() -> tuple[NamedText, ...]:
    """The texts of every landmark."""
    return texts_in("landmarks.yaml")


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """The landmarks in one space: `points` are `float32[n, d]`, the mean directions of their texts,
    and `usual` (`float32[n]`) is how near each is to all others in the mean: some are near to any
    prompt, which tells nothing."""

    names: tuple[str, ...]
    points: NDArray[np.float32]
    usual: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: Mapping[str, NDArray[np.float32]]) -> Landmarks:
        """The landmarks, when `vectors` are those of all their texts (`float32[d]`) by digest."""
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
        """How much nearer each landmark is to `point` than to `start` (`float32[d]` each),
        `float32[n]`."""
        return np.asarray(self.points @ point - self.points @ start, dtype=np.float32)

    def name_of(self, start: NDArray[np.float32], point: NDArray[np.float32]) -> str:
        """The landmark that is nearest to `point` beyond the usual, those preferred that came
        nearer since `start`."""
        scores = self.points @ point - self.usual + GAIN * self.gains(start, point)
        return self.names[int(scores.argmax())]
