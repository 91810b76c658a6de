"""Background texts: texts from other fields, used to detect out-of-domain queries.

`other_fields.yaml` holds short texts by field, embedded once per model. Each generation stores the
vectors of the fields that the index does not cover (see `thresholds.measure`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import load_arrays

NEAREST_TEXTS = 5


@dataclass(frozen=True, slots=True)
class NamedText:
    """A short text that belongs to the field or landmark `name`."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, hexadecimal, comparable with `Passage.digest`."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def texts_in(file: str) -> tuple[NamedText, ...]:
    """Read the named texts in a YAML file of this package, which maps groups to names to texts."""
    import yaml  # slow to import, and few queries need it

    content = (resources.files("index.statistics") / file).read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # in C, ten times as fast
    groups: dict[str, dict[str, list[str]]]
    groups = yaml.load(content, Loader=loader)  # noqa: S506  # gives strings only
    return tuple(
        NamedText(name, text)
        for names in groups.values()
        for name, texts in names.items()
        for text in texts
    )


def background_texts() -> tuple[NamedText, ...]:
    return texts_in("other_fields.yaml")


@cache
def background_digest() -> str:
    """Return the SHA-256 of all background texts and their fields, hexadecimal."""
    lines = (f"{one.name}\0{one.text}\n" for one in background_texts())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def mean_of_highest(cosines: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return, for each row of `cosines` (`float32[q, n]`), the mean of its `count` highest values
    (`float32[q]`). Minus infinity marks a missing value; the mean of a row without values is 0."""
    if cosines.shape[1] > count:
        cosines = np.partition(cosines, -count, axis=1)[:, -count:]
    there = np.isfinite(cosines)
    sums = np.where(there, cosines, 0).sum(axis=1)
    return np.asarray(sums / np.maximum(there.sum(axis=1), 1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Background:
    """The vectors of background texts (`float32[m, d]`, unit rows). `fields[i]` is the field of row
    i. May be empty."""

    vectors: NDArray[np.float32]
    fields: tuple[str, ...]

    @classmethod
    def of(cls, known: Mapping[str, NDArray[np.float32]], dimensions: int) -> Background:
        """Build the background from the `known` vectors (`float32[d]`), keyed by digest of the
        text. Texts without a known vector are left out."""
        texts = [one for one in background_texts() if one.digest in known]
        vectors = np.array([known[one.digest] for one in texts], dtype=np.float32)
        return cls(vectors.reshape(-1, dimensions), tuple(one.name for one in texts))

    def nearness(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mean cosine of each of `points` (`float32[q, d]`) to its nearest background
        texts, `float32[q]`, −1…1, or 0 if the background is empty."""
        return mean_of_highest(points @ self.vectors.T, NEAREST_TEXTS)

    def own_nearness(self) -> NDArray[np.float32]:
        """Return the mean cosine of each text to the nearest other texts, `float32[m]`."""
        cosines = self.vectors @ self.vectors.T
        np.fill_diagonal(cosines, -np.inf)
        return mean_of_highest(cosines, NEAREST_TEXTS)

    def save(self, file: Path) -> None:
        np.savez(file, vectors=self.vectors, fields=np.array(self.fields, dtype=np.str_))

    @classmethod
    def load(cls, file: Path) -> Background:
        vectors, fields = load_arrays(file, "vectors", "fields")
        return cls(vectors, tuple(fields.tolist()))
