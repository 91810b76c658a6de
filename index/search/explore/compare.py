"""Compare texts."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.entry import Mention
from index.search.abstention import is_sparse
from index.search.explore.explorations import Comparison
from index.search.explore.points import (
    DIGITS,
    Point,
    entries_near,
    locate,
    mean_direction,
    similarity,
)
from index.search.neighbours import mention
from index.search.ranking import rank
from index.search.similarity import band_of
from index.storage import Generation

MAX_CANDIDATES = 20
SHOWN = 3


def compare(generation: Generation, embedder: Embedder, texts: Sequence[str]) -> Comparison:
    """Compare two or more texts. For texts that do not name entries, the similarity is corrected
    for shared words with different senses (see `text_similarity`)."""
    places = [locate(generation, embedder, text) for text in texts]
    matrix = _similarities(generation, embedder, places)
    best = max(combinations(range(len(places)), 2), key=lambda pair: matrix[pair])
    one, other = (places[at] for at in best)
    cosine = float(np.clip(one.point @ other.point, -1, 1))
    alike = float(matrix[best])
    near_one, near_other = (
        [mention(generation, item) for item in entries_near(generation, place, MAX_CANDIDATES)]
        for place in (one, other)
    )
    ids_one, ids_other = ({item.id for item in near} for near in (near_one, near_other))
    several = len(places) > 2
    return Comparison(
        a=one.text,
        b=other.text,
        cosine=round(cosine, DIGITS),
        similarity=alike,
        percentile=generation.manifest.calibration.percentile(cosine),
        band=band_of(alike),
        shared=tuple(item for item in near_one if item.id in ids_other)[:SHOWN],
        only_a=tuple(item for item in near_one if item.id not in ids_other)[:SHOWN],
        only_b=tuple(item for item in near_other if item.id not in ids_one)[:SHOWN],
        between=_between(generation, one, other),
        items=tuple(texts) if several else (),
        matrix=tuple(map(tuple, matrix.tolist())) if several else (),
    )


def _similarities(
    generation: Generation, embedder: Embedder, places: Sequence[Point]
) -> NDArray[np.float64]:
    matrix = np.eye(len(places))
    for row, column in combinations(range(len(places)), 2):
        found = similarity(generation, embedder, places[row], places[column])
        matrix[row, column] = matrix[column, row] = found
    return matrix


def _between(generation: Generation, one: Point, other: Point) -> Mention | None:
    point = mean_direction(np.stack([one.point, other.point]))
    ends = {place.entry_id for place in (one, other) if place.entry_id is not None}
    if not point.any() or (not ends and is_sparse(generation, point)):
        return None
    found = rank(generation, "", point, 1, without=ends).found
    return mention(generation, found[0]) if found else None
