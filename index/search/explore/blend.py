"""Vector arithmetic with texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.embedding.embedder import Embedder
from index.errors import NotFound
from index.search.explore.explorations import Blend
from index.search.explore.points import locate, mean_direction
from index.search.neighbours import to_neighbours
from index.search.ranking import rank
from index.storage import Generation

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Term:
    """A text to add to the sum, or to subtract if it is `taken_away`."""

    text: str
    taken_away: bool = False


def blend(generation: Generation, embedder: Embedder, terms: Sequence[Term]) -> Blend:
    """Return the entries nearest to a signed sum of unit vectors, without the entries that the
    texts name. The words of the added texts count as in a search. After Mikolov, Yih and Zweig,
    "Linguistic Regularities in Continuous Space Word Representations" (2013). Raises `NotFound` if
    the sum is zero."""
    places = [locate(generation, embedder, term.text) for term in terms]
    signs = np.array([[-1.0 if term.taken_away else 1.0] for term in terms], dtype=np.float32)
    point = mean_direction(signs * np.stack([place.point for place in places]))
    if not point.any():
        raise NotFound(
            "The sum of these texts is zero: they cancel each other out.",
            "Leave one of them out.",
        )
    entry_ids = {place.entry_id for place in places if place.entry_id is not None}
    added = " ".join(term.text for term in terms if not term.taken_away)
    found = rank(generation, added, point, SHOWN, without=entry_ids).found
    signed = [f"{'-' if term.taken_away else '+'} {term.text}" for term in terms]
    return Blend(
        expression=" ".join(signed).removeprefix("+ "),
        neighbours=tuple(to_neighbours(generation, found)),
    )
