"""Locate texts in the embedding space: at the centre of the entry that the text names, or at the
embedding of the text."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.search.near import embed_query
from index.search.neighbours import nearest_to_entry
from index.search.ranking import Candidate, rank
from index.search.similarity import entry_similarity
from index.search.text_similarity import text_similarities
from index.storage import Generation

DIGITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A text, its unit vector `point` (`float32[d]`) and the id of the entry it names, if any."""

    text: str
    point: NDArray[np.float32]
    entry_id: str | None = None


def locate(generation: Generation, embedder: Embedder, text: str) -> Point:
    """Return the point of `text`. Only a text that does not name an entry is embedded."""
    named = generation.names.resolve(text)
    if named:
        entry_id = named[0].entry_id
        return Point(text, generation.centres[generation.number_of[entry_id]], entry_id)
    return Point(text, embed_query(generation, embedder, text))


def similarity(generation: Generation, embedder: Embedder, one: Point, other: Point) -> float:
    """Return the similarity of two points, 0…1. There are three measures: for two entries and for a
    text and an entry (see `search.similarity`), and for two texts (see `text_similarity`)."""
    if other.entry_id is not None:
        return similarity_to(generation, one, other.entry_id)
    if one.entry_id is not None:
        return similarity_to(generation, other, one.entry_id)
    points = np.stack([[one.point, other.point]])
    return max(0.0, text_similarities(embedder, [(one.text, other.text)], points)[0])


def similarity_to(generation: Generation, place: Point, entry_id: str) -> float:
    """Return the similarity of a point to an entry, 0…1 (see `similarity`)."""
    if place.entry_id is not None:
        return entry_similarity(generation, place.entry_id, entry_id)
    found = rank(generation, place.text, place.point, 0, besides=[entry_id]).found
    return found[0].similarity


def entries_near(generation: Generation, place: Point, limit: int) -> list[Candidate]:
    """Return up to `limit` entries nearest to a text, nearest first, or none if out of domain."""
    if place.entry_id is not None:
        return nearest_to_entry(generation, place.entry_id, limit)
    ranking = rank(generation, place.text, place.point, limit)
    return [] if ranking.sparse else ranking.found


def mean_direction(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean direction of `points` (`float32[n, d]`) as a unit vector, `float32[d]`, or
    zeros if they cancel out."""
    total = np.asarray(points, dtype=np.float32).sum(axis=0)
    length = float(np.linalg.norm(total))
    return total / length if length > 1e-6 else np.zeros_like(total)
