"""The folder that one size is measured in, and what all contenders find there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedder import Backend


@dataclass(frozen=True)
class Model:
    """Which model embeds, what runs it, and where the converted one is kept."""

    name: str
    backend: Backend
    folder: Path


@dataclass(frozen=True, slots=True)
class Text:
    """A passage as every contender gets it: what is embedded, and the category of its entry."""

    id: str
    text: str
    category: str


@dataclass(frozen=True)
class Place:
    """The folder of one size; `texts[i]` has the vector `vectors[i]`, and `asked` has those of the
    questions."""

    folder: Path
    model: Model

    def __reduce__(self) -> tuple[type[Place], tuple[Path, Model]]:
        """In another process it is the same folder; what was read of it here stays here, and
        counts as nobody's memory there."""
        return Place, (self.folder, self.model)

    @property
    def data(self) -> Path:
        """Nearsay's data directory."""
        return self.folder / "data"

    @property
    def glossary(self) -> Path:
        """The folder of the files that are imported."""
        return self.folder / "glossary"

    @cached_property
    def texts(self) -> list[Text]:
        lines = (self.folder / "texts.jsonl").read_text(encoding="utf-8").splitlines()
        return [Text(**json.loads(line)) for line in lines]

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """`float32[n, d]`, unit rows."""
        vectors: NDArray[np.float32] = np.load(self.folder / "vectors.npy")
        return vectors

    @cached_property
    def asked(self) -> NDArray[np.float32]:
        """`float32[q, d]`, unit rows."""
        vectors: NDArray[np.float32] = np.load(self.folder / "asked.npy")
        return vectors

    def keep(
        self, texts: Sequence[Text], vectors: NDArray[np.float32], asked: NDArray[np.float32]
    ) -> None:
        """Puts what the contenders need where they find it."""
        np.save(self.folder / "vectors.npy", vectors)
        np.save(self.folder / "asked.npy", asked)
        lines = "".join(f"{json.dumps(asdict(text))}\n" for text in texts)
        (self.folder / "texts.jsonl").write_text(lines, encoding="utf-8")
