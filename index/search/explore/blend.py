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
from index.text import one_line, shorten

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
    the sum is zero or out of domain."""
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
    ranking = rank(generation, added, point, SHOWN, without=entry_ids, adapt=False)
    near = to_neighbours(generation, ranking.found)
    signed = [f"{'-' if term.taken_away else '+'} {term.text}" for term in terms]
    expression = " ".join(signed).removeprefix("+ ")
    if ranking.sparse and near:
        raise NotFound(
            f'Nothing here is near "{shorten(one_line(expression), 60)}".',
            f"The closest is {near[0].term} ({near[0].similarity:.2f}).",
        )
    return Blend(expression=expression, neighbours=tuple(near))
