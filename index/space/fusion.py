"""Meaning and words, fused: the entries that are near a text in either way.

Four measures are each put into standard deviations from their mean over the index and added with
fixed weights: the cosine of an entry's nearest passage, the cosine of the entry's own place (so
that several passages support each other), BM25 over the passage with the most of the words, and
BM25 over the whole entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.space.passages import cosines_of, nearest_passages
from index.store import Generation

PASSAGE, PLACE = 0.453, 0.227  # the weights of meaning: of the nearest passage, of the own place
PASSAGE_WORDS, ENTRY_WORDS = 0.12, 0.22  # the weights of words
MEANT = 150  # passages looked at for their meaning
WORDED = 30  # passages, and as many entries, looked at for their words


@dataclass(frozen=True, slots=True)
class Found:
    """An entry: the passage that speaks for it, the cosine of its nearest passage to what was
    asked (-1…1), the fused score it is ranked by (in standard deviations), and what contributed
    more."""

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
    """The entries near `query`, which lies at `point` (`float32[d]`), the best first. Equal scores
    are ordered by id."""
    near = nearest_passages(generation, point, MEANT, category=category, source=source)
    by_words = _standardised(generation.words.scores(query))
    by_entry_words = _standardised(generation.entry_words.scores(query))
    entries = _candidates(generation, near, by_words, by_entry_words)
    if category is not None or source is not None:
        within = generation.owners[generation.rows_within(category, source)]
        entries = np.intersect1d(entries, within)
    if not len(entries):
        return []
    rows, starts = _rows_of(generation, entries)
    cosines = cosines_of(generation, rows, point)
    meaning = generation.spread.standardised(point, cosines)
    place = generation.centre_spread.standardised(point, generation.centres[entries] @ point)
    most_words = np.maximum.reduceat(by_words[rows], starts)
    of_meaning = PASSAGE * np.maximum.reduceat(meaning, starts) + PLACE * place
    of_words = PASSAGE_WORDS * most_words + ENTRY_WORDS * by_entry_words[entries]
    scores = np.round(of_meaning + of_words, 3)
    nearest = np.maximum.reduceat(cosines, starts)
    speaking = PASSAGE * meaning + PASSAGE_WORDS * by_words[rows]
    ends = np.append(starts[1:], len(rows))
    found = [
        Found(
            generation.ids[entry],
            generation.passages[rows[start + int(speaking[start:end].argmax())]].id,
            float(nearest[at]),
            float(scores[at]),
            "words" if of_words[at] > of_meaning[at] else "meaning",
        )
        for at, (entry, start, end) in enumerate(zip(entries, starts, ends, strict=True))
    ]
    return sorted(found, key=lambda item: (-item.score, item.entry_id))


def _candidates(
    generation: Generation,
    near: list[tuple[int, float]],
    by_words: NDArray[np.float32],
    by_entry_words: NDArray[np.float32],
) -> NDArray[np.int64]:
    """The numbers of the entries worth comparing, in order: those of the nearest passages, and
    those with most of the words."""
    rows = [row for row, _ in near] + _most(by_words)
    return np.unique(
        np.concatenate((generation.owners[rows], np.array(_most(by_entry_words), dtype=np.int64)))
    )


def _most(scores: NDArray[np.float32]) -> list[int]:
    """The rows of the `WORDED` highest scores above the mean."""
    count = min(WORDED, len(scores))
    best = np.argpartition(-scores, count - 1)[:count]
    return [int(row) for row in best if scores[row] > 0]


def _rows_of(
    generation: Generation, entries: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of all passages of these entries, and where in them each entry's begin."""
    firsts = generation.starts[entries]
    ends = np.append(generation.starts, len(generation.passages))[entries + 1]
    counts = ends - firsts
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    rows = np.arange(counts.sum()) + np.repeat(firsts - starts, counts)
    return rows, starts


def _standardised(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores in standard deviations from their mean; zeros where all are alike."""
    deviation = float(scores.std())
    if deviation < 1e-6:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)
