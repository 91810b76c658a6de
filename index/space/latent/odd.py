"""The odd one out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.embedder import Embedder
from index.space.latent.places import DIGITS, middle, place_of, similarity
from index.space.latent.results import Odd
from index.space.likeness import Likeness
from index.space.neighbours import mention, nearest_entries
from index.space.sparse import is_sparse
from index.store import Generation


def odd_one(generation: Generation, embedder: Embedder, texts: Sequence[str]) -> Odd:
    """Which of `texts` (three or more) is least like the others, the first of equals.

    Raises `ModelMismatch` when the index was built with another model than `embedder`.
    """
    places = [place_of(generation, embedder, text) for text in texts]
    likeness = Likeness(embedder)
    alike = np.zeros((len(places), len(places)))
    for row, one in enumerate(places):
        for column, other in enumerate(places[:row]):
            found = similarity(generation, likeness, one, other)
            alike[row, column] = alike[column, row] = found
    scores = alike.sum(axis=1) / (len(places) - 1)
    at = int(scores.argmin())
    others = middle(np.stack([place.point for row, place in enumerate(places) if row != at]))
    around = None
    if others.any() and not is_sparse(generation, others):
        found_at = nearest_entries(generation, others, 1)[0]
        around = mention(generation, found_at)
    return Odd(
        generation=generation.id,
        model=generation.model,
        items=tuple(texts),
        scores=tuple(round(float(score), DIGITS) for score in scores),
        odd=texts[at],
        around=around,
    )
