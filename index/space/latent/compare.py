"""How alike texts are, and what lies near them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from index.embedder import Embedder
from index.space.latent.places import (
    DIGITS,
    Place,
    cosine,
    entries_there,
    middle,
    place_of,
    similarity,
)
from index.space.latent.results import Comparison
from index.space.likeness import Likeness
from index.space.neighbours import around, mention, nearest_entries
from index.space.results import Mention
from index.space.similarity import band_of
from index.space.sparse import is_sparse
from index.store import Generation

LOOKED_AT = 20  # entries near each text
SHOWN = 3


def compare(generation: Generation, embedder: Embedder, texts: Sequence[str]) -> Comparison:
    """How alike `texts` are, two or more.

    The similarity of two texts that name no entry is corrected for words that they share in two
    senses (see `index.space.likeness`); the cosine never is. Raises `ModelMismatch` when the
    index was built with another model than `embedder`.
    """
    places = [place_of(generation, embedder, text) for text in texts]
    likeness = Likeness(embedder)
    cosines = np.eye(len(places))
    matrix = np.eye(len(places))
    for row, column in combinations(range(len(places)), 2):
        one, other = places[row], places[column]
        cosines[row, column] = cosines[column, row] = cosine(one, other)
        matrix[row, column] = matrix[column, row] = similarity(generation, likeness, one, other)
    best = max(combinations(range(len(places)), 2), key=lambda pair: matrix[pair])
    one, other = (places[at] for at in best)
    alike = float(matrix[best])
    near_one, near_other = _near(generation, one), _near(generation, other)
    shared = near_one.keys() & near_other.keys()
    several = len(places) > 2
    return Comparison(
        generation=generation.id,
        model=generation.model,
        a=one.text,
        b=other.text,
        cosine=round(float(cosines[best]), DIGITS),
        similarity=round(alike, DIGITS),
        percentile=generation.manifest.calibration.percentile(float(cosines[best])),
        band=band_of(alike),
        shared=tuple(near_one[entry_id] for entry_id in near_one if entry_id in shared)[:SHOWN],
        only_a=tuple(near_one[entry_id] for entry_id in near_one if entry_id not in shared)[:SHOWN],
        only_b=tuple(m for entry_id, m in near_other.items() if entry_id not in shared)[:SHOWN],
        between=_between(generation, one, other),
        items=tuple(texts) if several else (),
        matrix=tuple(tuple(round(float(x), DIGITS) for x in row) for row in matrix)
        if several
        else (),
    )


def _near(generation: Generation, place: Place) -> dict[str, Mention]:
    """The entries near a place, the nearest first; none where the map is empty."""
    if place.entry_id is not None:
        found = around(generation, place.entry_id, LOOKED_AT)
    else:
        found = entries_there(generation, place, LOOKED_AT)
    return {item.entry_id: mention(generation, item) for item in found}


def _between(generation: Generation, one: Place, other: Place) -> Mention | None:
    """The entry nearest to the middle of two places, that is neither; None where the map is empty
    there."""
    point = middle(np.stack([one.point, other.point]))
    ends = {place.entry_id for place in (one, other) if place.entry_id is not None}
    if not point.any() or (not ends and is_sparse(generation, point)):
        return None
    found = nearest_entries(generation, point, 1, without=ends)
    return mention(generation, found[0]) if found else None
