"""The map of a generation, as its files are made: carried on from the one before, or anew."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec import entry_from_json
from index.entry import Entry, Passage, passages_of
from index.errors import StoreDamaged
from index.space.atlas.atlas import Atlas
from index.space.atlas.drawing import Before, carried, draw
from index.space.graph import Graph
from index.store.generation import ATLAS, CENTRES, VECTORS, read_entries


def before_in(folder: Path, ids: Sequence[str]) -> Before | None:
    """The map in the folder of a generation of the entries `ids`; None where it has none that can
    be used."""
    with suppress(StoreDamaged, OSError, EOFError, ValueError):
        centres = np.load(folder / CENTRES, allow_pickle=False)
        atlas = Atlas.load(folder / ATLAS)
        if len(atlas) == len(ids) == len(centres):
            return Before(atlas, ids, centres)
    return None


def carry_on(
    folder: Path, entries: Sequence[Entry], centres: NDArray[np.float32], before: Before | None
) -> None:
    """Writes the map of entries that lie at `centres` (`float32[e, d]`): the one `before`, where
    little has changed, else one that is drawn anew."""
    atlas = carried(entries, centres, before) if before else None
    if atlas is None:
        atlas = draw(entries, Graph.of(centres))
    atlas.save(folder / ATLAS)


def draw_anew(folder: Path) -> None:
    """Writes the map of the generation in `folder`, whose entries and vectors are there."""
    entries = read_entries(folder, entry_from_json)
    passages = [list(passages_of(entry)) for entry in entries]
    centres = centres_of(np.load(folder / VECTORS, mmap_mode="r"), passages)
    draw(entries, Graph.of(centres)).save(folder / ATLAS)


def centres_of(
    vectors: NDArray[np.float32], passages: Sequence[Sequence[Passage]]
) -> NDArray[np.float32]:
    """Where each entry lies, the mean direction of its `passages`: `float32[e, d]`, unit rows; the
    rows of `vectors` (`float32[n, d]`) are those of all passages, in their order."""
    starts = np.concatenate(([0], np.cumsum([len(several) for several in passages])[:-1]))
    sums = np.add.reduceat(vectors, starts, axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-9), dtype=np.float32)
