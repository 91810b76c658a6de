"""Meaning and words, fused: the passages that are near a text in either way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.space.passages import cosines_of, nearest_passages
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
    cosines = dict(nearest_passages(generation, point, MEANT, category=category, source=source))
    words = _words(generation, query, category, source)
    worded = [row for row in np.argsort(-words, kind="stable")[:WORDED].tolist() if words[row] > 0]
    missing = np.array([row for row in worded if row not in cosines], dtype=np.int64)
    others = cosines_of(generation, missing, point).tolist()
    cosines.update(zip(missing.tolist(), others, strict=True))
    meaning = generation.spread.standardised(
        point, np.fromiter(cosines.values(), dtype=np.float32, count=len(cosines))
    )
    best: dict[str, Found] = {}
    for (row, cosine), by_meaning in zip(cosines.items(), meaning, strict=True):
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
        within = generation.rows_within(category, source)
        kept = np.zeros_like(scores)
        kept[within] = scores[within]
        return kept
    return scores
