"""What else people talk about: the background that a text is compared with, to tell whether it is
about the index at all.

`other_fields.yaml` holds short texts by their field. They are embedded once a model, as passages
are. Each generation keeps those whose field is not its own (see `calibration.measure`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import load_arrays

NEAREST = 5  # texts of the background that tell how near it is


@dataclass(frozen=True, slots=True)
class NamedText:
    """A short text that stands for the field or the landmark of that name."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal, as that of a passage (see `Passage.digest`)."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def texts_in(file: str) -> tuple[NamedText, ...]:
    """The texts of a file beside this module, those of one name together, in its order; no text is
    there twice. The file holds groups of names, each with its texts."""
    import yaml  # takes a while, and few questions need it

    content = (resources.files("index.statistics") / file).read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one in C is ten times as fast
    groups: dict[str, dict[str, list[str]]]
    groups = yaml.load(content, Loader=loader)  # noqa: S506  # gives strings only
    return tuple(
        NamedText(name, text)
        for names in groups.values()
        for name, texts in names.items()
        for text in texts
    )


def background_texts() -> tuple[NamedText, ...]:
    """The texts of every field."""
    return texts_in("other_fields.yaml")


@cache
def background_digest() -> str:
    """SHA-256 over all texts and their fields, hexadecimal."""
    lines = (f"{one.name}\0{one.text}\n" for one in background_texts())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def mean_of_highest(cosines: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """The mean of the `count` highest in each row of `cosines` (`float32[q, n]`), or of all when
    they are fewer, `float32[q]`. Minus infinity counts as not there; nothing there gives 0."""
    if cosines.shape[1] > count:
        cosines = np.partition(cosines, -count, axis=1)[:, -count:]
    there = np.isfinite(cosines)
    sums = np.where(there, cosines, 0).sum(axis=1)
    return np.asarray(sums / np.maximum(there.sum(axis=1), 1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Background:
    """Where the texts of other fields lie: `vectors` is `float32[m, d]`, unit rows, and
    `fields[i]` names the field of row i. There may be none."""

    vectors: NDArray[np.float32]
    fields: tuple[str, ...]

    @classmethod
    def of(cls, known: Mapping[str, NDArray[np.float32]], dimensions: int) -> Background:
        """The background of those texts whose vectors (`float32[d]`) are `known` by their
        digests."""
        texts = [one for one in background_texts() if one.digest in known]
        vectors = np.array([known[one.digest] for one in texts], dtype=np.float32)
        return cls(vectors.reshape(-1, dimensions), tuple(one.name for one in texts))

    def without(self, fields: Collection[str]) -> Background:
        """The background of all fields but these."""
        kept = [row for row, field in enumerate(self.fields) if field not in fields]
        return Background(self.vectors[kept], tuple(self.fields[row] for row in kept))

    def crowds(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """How near the background is to each of `points` (`float32[q, d]`): the mean cosine of its
        `NEAREST` nearest texts, −1…1, 0 where there is no background; `float32[q]`."""
        return mean_of_highest(points @ self.vectors.T, NEAREST)

    def own_crowds(self) -> NDArray[np.float32]:
        """The same of the texts themselves, each looked at as if it were not there:
        `float32[m]`."""
        cosines = self.vectors @ self.vectors.T
        np.fill_diagonal(cosines, -np.inf)
        return mean_of_highest(cosines, NEAREST)

    def save(self, file: Path) -> None:
        np.savez(file, vectors=self.vectors, fields=np.array(self.fields, dtype=np.str_))

    @classmethod
    def load(cls, file: Path) -> Background:
        """What `save` wrote; raises `StoreDamaged` when it is not there."""
        vectors, fields = load_arrays(file, "vectors", "fields")
        return cls(vectors, tuple(fields.tolist()))
