"""Whether two entries say the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.editing.results import Duplicate
from index.embedder import Embedder
from index.entry import Entry
from index.space.neighbours import nearest_entries
from index.store import Generation

LOOKED_AT = 5  # nearest entries among which one may say the same
SAME = 0.8


def duplicates(
    generation: Generation, embedder: Embedder, entry: Entry, point: NDArray[np.float32]
) -> tuple[Duplicate, ...]:
    """The entries that say what `entry` says, the likeliest first; `point` (`float32[d]`) is where
    its definition lies."""
    without = [entry.id] if entry.id in generation.entries else []
    near = nearest_entries(generation, point, LOOKED_AT, without=without)
    return tuple(
        Duplicate(
            found.entry_id,
            generation.entries[found.entry_id].term,
            generation.entries[found.entry_id].category,
            round(found.cosine, 4),
            "meaning",
        )
        for found in near
        if found.cosine >= SAME
    )
