"""Meaning and words, fused: the passages that are near a text in either way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.store import Generation

WORDS = 0.35  # the weight of words against meaning
MEANT = 150  # passages looked at for their meaning
WORDED = 50  # passages looked at for their words


@dataclass(frozen=True, slots=True)
class Found:
    """The best passage of an entry: its cosine to what was asked (-1…1), the fused score it is
    ranked by (in standard deviations), and what contributed more."""

    entry_id: str
    passage_id: str
    cosine: float
    score: float
    match: Literal["meaning", "words"]


def fused(
    generation: Generation,
    query: str,
    point: NDArray[np.float32],
    *,
    category: str | None = None,
    source: str | None = None,
) -> list[Found]:
    """The entries near `query`, which lies at `point` (`float32[d]`), the best first.

    Cosines and BM25 scores are each standardised over all passages and added with fixed
    weights; an entry is as good as its best passage. Equal scores are ordered by id.
    """
    cosines = {
        hit.passage_id: hit.cosine
        for hit in generation.vectors.nearest(point, MEANT, category=category, source=source)
    }
    words = _words(generation, query, category, source)
    worded = [row for row in np.argsort(-words, kind="stable")[:WORDED] if words[row] > 0]
    missing = [
        generation.passages[row].id for row in worded if generation.passages[row].id not in cosines
    ]
    cosines.update(generation.vectors.cosines(missing, point))
    rows = [generation.row_of[passage_id] for passage_id in cosines]
    meaning = generation.spread.standardised(
        point, np.fromiter(cosines.values(), dtype=np.float32, count=len(cosines))
    )
    best: dict[str, Found] = {}
    for row, cosine, by_meaning in zip(rows, cosines.values(), meaning, strict=True):
        passage = generation.passages[row]
        by_words = WORDS * float(words[row])
        by_meaning = (1 - WORDS) * float(by_meaning)
        found = Found(
            passage.entry_id,
            passage.id,
            cosine,
            round(by_meaning + by_words, 3),
            "words" if by_words > by_meaning else "meaning",
        )
        if passage.entry_id not in best or _order(found) < _order(best[passage.entry_id]):
            best[passage.entry_id] = found
    return sorted(best.values(), key=_order)


def _order(found: Found) -> tuple[float, str]:
    return -found.score, found.passage_id


def _words(
    generation: Generation, query: str, category: str | None, source: str | None
) -> NDArray[np.float32]:
    """Standardised BM25 scores of all passages; 0 for those filtered out."""
    scores = generation.words.scores(query)
    deviation = float(scores.std())
    if deviation < 1e-6:
        return np.zeros_like(scores)
    scores = np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)
    if category is not None or source is not None:
        for row, passage in enumerate(generation.passages):
            entry = generation.entries[passage.entry_id]
            if category not in (None, entry.category) or source not in (None, entry.source):
                scores[row] = 0
    return scores
