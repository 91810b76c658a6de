"""Places in style and subject by which a prompt's neighbourhood is named: tones, genres,
professions, feelings, formats and domains, each of three texts in `landmarks.yaml`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LandmarkText:
    """A text that is typical of a landmark."""

    landmark: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal, as that of a passage (see `Passage.digest`)."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def landmark_texts() -> tuple[LandmarkText, ...]:
    """The texts of every landmark, those of one together, in the order of the file."""
    import yaml  # takes a while, and few questions need it

    content = (resources.files("index.space") / "landmarks.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one in C is ten times as fast
    groups: dict[str, dict[str, list[str]]]
    groups = yaml.load(content, Loader=loader)  # noqa: S506  # gives strings only
    return tuple(
        LandmarkText(name, text)
        for landmarks in groups.values()
        for name, texts in landmarks.items()
        for text in texts
    )


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
        names = tuple(dict.fromkeys(one.landmark for one in texts))
        sums = {name: np.zeros_like(next(iter(vectors.values()))) for name in names}
        for one in texts:
            sums[one.landmark] = sums[one.landmark] + vectors[one.digest]
        points = np.stack([sums[name] for name in names])
        points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
        alike = points @ points.T
        usual = (alike.sum(axis=1) - 1) / max(1, len(names) - 1)
        return cls(names, points, np.asarray(usual, dtype=np.float32))

    def nearness(self, point: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much nearer than usual each landmark is to `point` (`float32[d]`), `float32[n]`."""
        return np.asarray(self.points @ point - self.usual, dtype=np.float32)
