"""The kin of words: those of the same index that mean nearly the same, so that a text may be found
by words that it has not.

As in Mihalcea, Corley and Strapparava, "Corpus-based and knowledge-based measures of text semantic
similarity" (2006), by vectors of words: fewer dimensions of them tell more of meaning and less of
how often a word is written (Raunak, "Simple and effective dimensionality reduction for word
embeddings", 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreDamaged

FILE = "kin.npz"
DIMENSIONS = 128  # of the vectors that are compared
LEAST = 0.4  # cosine of a word to its kin
MOST = 10  # kin of a word
AT_ONCE = 500  # words compared with all others at a time


@dataclass(frozen=True, slots=True)
class Kin:
    """The kin of the words with these `numbers`, `int32[w]`, rising: those of the i-th stand in
    `kin` (`int32[k]`, numbers too) and `cosines` (`float32[k]`, `LEAST` and up) from `starts[i]`
    (`int64[w + 1]`) to the next, the least alike first."""

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    kin: NDArray[np.int32]
    cosines: NDArray[np.float32]

    @classmethod
    def of(cls, numbers: Sequence[int], vectors: NDArray[np.float32]) -> Kin:
        """The kin of each word with one of these `numbers`, rising, whose vector is the row of
        `vectors` (`float32[w, d]`)."""
        places = _places(vectors)
        words, others, cosines = [], [], []
        for start in range(0, len(places), AT_ONCE):
            alike = places[start : start + AT_ONCE] @ places.T
            np.fill_diagonal(alike[:, start:], 0)
            rows, columns = np.nonzero(alike >= LEAST)
            values = alike[rows, columns]
            order = np.lexsort((columns, -values, rows))
            counts = np.bincount(rows, minlength=len(alike))
            ranks = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
            kept = order[ranks < MOST][::-1]
            words.append(rows[kept] + start)
            others.append(columns[kept])
            cosines.append(values[kept])
        rows = np.concatenate([np.empty(0, np.int64), *words])
        order = np.argsort(rows, kind="stable")
        every = np.asarray(numbers, dtype=np.int32)
        return cls(
            every,
            np.searchsorted(rows[order], np.arange(len(every) + 1)),
            every[np.concatenate([np.empty(0, np.int64), *others])[order]],
            np.concatenate([np.empty(0, np.float32), *cosines])[order],
        )

    @classmethod
    def none(cls) -> Kin:
        """No word has any."""
        return cls.of([], np.empty((0, 1), dtype=np.float32))

    def of_word(self, number: int) -> tuple[list[int], list[float]]:
        """The numbers of the kin of a word, the least alike first, and their cosines to it."""
        at = int(self.numbers.searchsorted(np.int32(number)))
        if at == len(self.numbers) or self.numbers[at] != number:
            return [], []
        part = slice(self.starts[at], self.starts[at + 1])
        return self.kin[part].tolist(), self.cosines[part].tolist()

    def save(self, folder: Path) -> None:
        """Writes it into a folder."""
        np.savez(
            folder / FILE,
            numbers=self.numbers,
            starts=self.starts,
            kin=self.kin,
            cosines=self.cosines,
        )

    @classmethod
    def load(cls, folder: Path) -> Kin:
        """What `save` wrote into that folder, or none; raises `StoreDamaged` when it cannot be
        read."""
        try:
            with np.load(folder / FILE, allow_pickle=False) as arrays:
                return cls(*(arrays[name] for name in ("numbers", "starts", "kin", "cosines")))
        except FileNotFoundError:  # a model whose words are not known, or an older index
            return cls.none()
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise StoreDamaged(
                f"{folder / FILE} cannot be read ({type(error).__name__}).",
                "Build the index anew with: nearsay index --full",
            ) from error


def _places(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where words lie, unit rows, in the dimensions in which `vectors` (`float32[w, d]`) differ
    most from their mean: `float32[w, k]`."""
    if not len(vectors):
        return vectors
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    places = centred @ axes[:, -DIMENSIONS:].astype(np.float32)
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    return np.asarray(places / np.maximum(lengths, 1e-9), dtype=np.float32)
