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

MEANT = 40  # passages looked at for their meaning, at least,
FOR_EACH = 2  # so many more for each passage that an entry has on average,
MOST = 80  # and so many at most: with more, no better entries are found
FEW = 10  # entries wanted, up to which these hold; of twice as many, twice as many passages
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
    thoroughly: bool = False,
) -> Surroundings:
    """The `limit` entries nearest to `text`, which lies at `point` (`float32[d]`), and `BESIDE` at
    least where the place is empty; within a category or a source where these are given.

    For a list of entries fewer passages do; where sentences of the first of them are told, look
    `thoroughly`.
    """
    meant = (MOST if thoroughly else _meant(generation)) * max(limit, FEW) // FEW
    near = nearest_passages(generation, point, meant, category=category, source=source)
    with turn:
        sparse = is_off_the_map(generation, text, point, near)
        wanted = max(limit, BESIDE) if sparse else limit
        found = fused(generation, text, point, near, wanted, category=category, source=source)
    return Surroundings(found, sparse)


def _meant(generation: Generation) -> int:
    """How many passages are worth looking at for their meaning: they are to be of several entries,
    and of the fewer the more passages each has."""
    of_each = len(generation.passages) / len(generation.ids)
    return min(MEANT + round(FOR_EACH * of_each), MOST)
