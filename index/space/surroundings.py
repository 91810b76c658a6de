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

MEANT = 80  # passages looked at for their meaning, at least,
FOR_EACH = 8  # and so many for each entry that is wanted
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
    *,
    category: str | None = None,
    source: str | None = None,
) -> Surroundings:
    """The `limit` entries nearest to `text`, which lies at `point` (`float32[d]`), and `BESIDE` at
    least where the place is empty; within a category or a source where these are given."""
    meant = max(MEANT, FOR_EACH * limit)
    near = nearest_passages(generation, point, meant, category=category, source=source)
    with turn:
        sparse = is_off_the_map(generation, text, point, near)
        wanted = max(limit, BESIDE) if sparse else limit
        found = fused(generation, text, point, near, wanted, category=category, source=source)
    return Surroundings(found, sparse)
