"""What lies around a text: the entries near it, by meaning and by words, and whether there is
anything near at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.courtesy import turn
from index.space.fusion import Found, fused
from index.space.passages import nearest_passages
from index.space.sparse import is_off_the_map
from index.store import Generation

BESIDE = 10  # entries in an empty place, at least: one may lie beside the nearest


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The entries near a text, the best first; `sparse` where the place is empty."""

    found: list[Found]
    sparse: bool


def surroundings(
    generation: Generation,
    text: str,
    point: NDArray[np.float32],
    limit: int,
    passages: int,
    *,
    category: str | None = None,
    source: str | None = None,
) -> Surroundings:
    """The `limit` entries nearest to `text`, which lies at `point` (`float32[d]`), found among
    those of the nearest `passages` and those that share its words; within a category or a source
    where these are given, and `BESIDE` at least where the place is empty."""
    near = nearest_passages(generation, point, passages, category=category, source=source)
    with turn:
        sparse = is_off_the_map(generation, text, point, near)
        wanted = max(limit, BESIDE) if sparse else limit
        found = fused(generation, text, point, near, wanted, category=category, source=source)
    return Surroundings(found, sparse)
