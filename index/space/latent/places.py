"""Where a text lies: at the entry that it names, or where the model puts it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.space.fusion import Found
from index.space.likeness import Likeness
from index.space.near import embed_query
from index.space.neighbours import PASSAGES_AN_ENTRY, nearest_entries, own_point
from index.space.passages import cosines_of, nearest_passages
from index.space.results import Mention
from index.space.sparse import is_off_the_map
from index.store import Generation

DIGITS = 4  # of a similarity


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A text in the space: `point` is `float32[d]` of length 1; `entry_id` is the entry that the
    text names, if it names one."""

    text: str
    point: NDArray[np.float32]
    entry_id: str | None = None


def place_of(generation: Generation, embedder: Embedder, text: str) -> Place:
    """Where `text` lies. Raises `ModelMismatch` when the index was built with another model."""
    named = generation.names.asked(text)
    if named:
        entry_id = named[0].entry_id
        return Place(text, own_point(generation, entry_id), entry_id)
    return Place(text, embed_query(generation, embedder, text))


def cosine(generation: Generation, one: Place, other: Place) -> float:
    """How near two places are, -1…1, on the scale of the calibration: an entry is as near to a
    point as its nearest passage is, and two entries as near as each is to the other's place, in
    the mean."""
    if one.entry_id == other.entry_id and one.entry_id is not None:
        return 1.0
    found = [
        _to_entry(generation, other.entry_id, one) if other.entry_id else None,
        _to_entry(generation, one.entry_id, other) if one.entry_id else None,
    ]
    measured = [value for value in found if value is not None]
    if not measured:
        return float(np.clip(one.point @ other.point, -1, 1))
    return sum(measured) / len(measured)


def similarity(generation: Generation, likeness: Likeness, one: Place, other: Place) -> float:
    """How alike two places are, -1…1: their cosine, corrected for words that both texts have in two
    senses (see `index.space.likeness`) where neither names an entry."""
    if one.entry_id is not None or other.entry_id is not None:
        return cosine(generation, one, other)
    return likeness.similarity(one.text, other.text, np.stack([one.point, other.point]))


def named(generation: Generation, entry_id: str, similarity: float | None) -> Mention:
    """An entry with a similarity, as it is shown."""
    entry = generation.entries[entry_id]
    shown = None if similarity is None else round(similarity, DIGITS)
    return Mention(entry.id, entry.term, entry.category, shown)


def entry_at(generation: Generation, place: Place) -> str:
    """The entry that a place is at, or else the one nearest to it."""
    if place.entry_id is not None:
        return place.entry_id
    return nearest_entries(generation, place.point, 1)[0].entry_id


def entries_there(generation: Generation, place: Place, limit: int) -> list[Found]:
    """The `limit` entries nearest to where a text lies, the nearest first; none where the map is
    empty."""
    passages = nearest_passages(generation, place.point, limit * PASSAGES_AN_ENTRY)
    if is_off_the_map(generation, place.text, place.point, passages):
        return []
    return nearest_entries(generation, place.point, limit, near=passages)


def middle(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The direction in the middle of `points` (`float32[n, d]`), `float32[d]` of length 1; zeros
    where they cancel each other."""
    total = np.asarray(points, dtype=np.float32).sum(axis=0)
    length = float(np.linalg.norm(total))
    return total / length if length > 1e-6 else np.zeros_like(total)


def _to_entry(generation: Generation, entry_id: str, place: Place) -> float:
    rows = np.array(generation.rows_of[entry_id])
    return float(cosines_of(generation, rows, place.point).max())
