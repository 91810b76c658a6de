"""Meaning and words, fused: the entries that are near a text in either way.

Five measures are each put into standard deviations from their mean over the index and added with
fixed weights: the cosine of an entry's nearest passage; that of its definition; its discriminant,
in which all its passages support each other; the share of the words asked, or of their kin, that
the passage with most of them has; and BM25 over the whole entry. A name of the entry in the text is
added to these. Then the best entries support each other: what stands near others that fit is
likelier to fit (Diaz, "Regularizing ad hoc retrieval scores", 2005).

The weights lie in the middle of where coordinate ascent and a grid found the best ones, on masked
definitions across glossaries, definitions and the rest of their own entries, questions and their
answers, questions of entries that do not have them, and the tuning half of the golden questions,
each counting the same.

Every question comes through here, right after a pass of the model has emptied the processor's own
memory. So arrays are asked by their methods and by ufuncs (`take`, `nonzero`, `np.add.reduce`),
which are a fraction of NumPy's functions in Python (`np.append`, `np.unique`, `mean`); rows are
taken with "clip", which copies them at once, since they are known to be there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.space.passages import cosines_of
from index.store import Generation

# The weights of meaning: of the nearest passage, of the definition, of the discriminant.
PASSAGE, DEFINITION, DISCRIMINANT = 0.38, 0.29, 0.25
PASSAGE_WORDS, ENTRY_WORDS = 0.2, 0.27  # the weights of words
NAME = 0.5  # what a name counts that is all a text is about
SUPPORT = 0.4  # the weight of what an entry's neighbours score
SUPPORTED = 40  # entries that support each other, those with the highest scores,
SUPPORTERS = 6  # each by so many of the others, those nearest to it
ONE = np.ones(1, dtype=np.float32)  # behind a point, as discriminants want it
ALIKE = 1e-6  # the deviation of scores that are all the same, at most
WORDED = 40  # entries looked at for their words
OUTSTANDING = 4.0  # deviations above the mean: of many texts enough score more, and few do


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


@dataclass(frozen=True, slots=True)
class Worded:
    """How well texts fit the words of a question, `float32[n]`, and what standardises that: their
    mean and deviation."""

    scores: NDArray[np.float32]
    mean: float
    deviation: float

    @classmethod
    def of(cls, scores: NDArray[np.float32]) -> Worded:
        mean = np.add.reduce(scores) / np.float32(len(scores))
        differences = scores - mean
        return cls(scores, float(mean), float(differences @ differences / len(scores)) ** 0.5)

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The scores of some in standard deviations from the mean; zeros where all are alike."""
        if self.deviation < ALIKE:
            return np.zeros(len(rows), dtype=np.float32)
        return np.asarray((self.scores[rows] - self.mean) / self.deviation, dtype=np.float32)

    def most(self, count: int) -> list[int]:
        """The `count` with the highest scores above the mean; none where all are alike."""
        if self.deviation < ALIKE:
            return []
        (best,) = (self.scores > self.mean + OUTSTANDING * self.deviation).nonzero()
        if len(best) < count:
            (best,) = (self.scores > self.mean).nonzero()
        if len(best) > count:
            best = best[self.scores[best].argpartition(-count)[-count:]]
        return best.tolist()


def fused(
    generation: Generation,
    query: str,
    point: NDArray[np.float32],
    near: Sequence[tuple[int, float]],
    limit: int,
    *,
    category: str | None = None,
    source: str | None = None,
) -> list[Found]:
    """The `limit` entries nearest to `query`, which lies at `point` (`float32[d]`), the best
    first; `near` are the passages nearest to it. Equal scores are ordered by id."""
    by_words = Worded.of(generation.words.shares(query))
    by_entry_words = Worded.of(generation.entry_words.scores(query))
    mentioned = generation.names.mentioned(query)
    entries = _candidates(generation, near, by_entry_words, mentioned)
    if category is not None or source is not None:
        entries = entries[generation.entries_within(category, source)[entries]]
    if not len(entries):
        return []
    rows, starts, ends = _rows_of(generation, entries)
    cosines = cosines_of(generation, rows, point)
    meaning = generation.spread.standardised(point, cosines)
    homogeneous = np.concatenate((point, ONE))
    towards = generation.discriminant_spread.standardised(
        homogeneous, generation.discriminants.take(entries, axis=0, mode="clip") @ homogeneous
    )
    words = by_words.at(rows)
    most_words = np.maximum.reduceat(words, starts)
    of_meaning = (
        PASSAGE * np.maximum.reduceat(meaning, starts)
        + DEFINITION * meaning[starts]  # the first passage of an entry
        + DISCRIMINANT * towards
    )
    of_words = PASSAGE_WORDS * most_words + ENTRY_WORDS * by_entry_words.at(entries)
    for entry_id, share in mentioned.items():
        of_words[entries == generation.number_of[entry_id]] += NAME * share
    scores = supported(generation.centres, entries, of_meaning + of_words).round(3)
    nearest = np.maximum.reduceat(cosines, starts)
    speaking = PASSAGE * meaning + PASSAGE_WORDS * words
    best = np.lexsort((generation.places_by_id[entries], -scores))[:limit]
    return [
        Found(
            generation.ids[entries[at]],
            generation.passages[rows[starts[at] + speaking[starts[at] : ends[at]].argmax()]].id,
            float(nearest[at]),
            float(scores[at]),
            "words" if of_words[at] > of_meaning[at] else "meaning",
        )
        for at in best
    ]


def supported(
    centres: NDArray[np.float32], entries: NDArray[np.int64], scores: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The `scores` (`float32[k]`) of some `entries` (their numbers, `int64[k]`) with the support of
    their neighbours among the best of them: the mean of those, each counting by the square of its
    cosine to the entry. `centres` are where all entries lie, `float32[e, d]`, unit rows."""
    best = (-scores).argsort(kind="stable")[:SUPPORTED]
    places = centres.take(entries[best], axis=0, mode="clip")
    alike = np.maximum(places @ places.T, 0)
    alike.flat[:: len(best) + 1] = 0  # none supports itself
    if len(best) > SUPPORTERS:
        least = np.partition(alike, -SUPPORTERS)[:, [-SUPPORTERS]]
        np.putmask(alike, alike < least, 0)
    weights = np.square(alike)
    with_support = scores.copy()
    support = weights @ scores[best] / np.maximum(np.add.reduce(weights, axis=1), ALIKE)
    with_support[best] += SUPPORT * support
    return with_support


def _candidates(
    generation: Generation,
    near: Sequence[tuple[int, float]],
    by_entry_words: Worded,
    mentioned: Collection[str],
) -> NDArray[np.int64]:
    """The numbers of the entries worth comparing, in order: those of the nearest passages, those
    with most of the words, and those that are named."""
    nearest = generation.owners[[row for row, _ in near]].tolist()
    worded = by_entry_words.most(WORDED)
    named = (generation.number_of[entry_id] for entry_id in mentioned)
    return np.array(sorted({*nearest, *worded, *named}), dtype=np.int64)


def _rows_of(
    generation: Generation, entries: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The rows of all passages of these entries, and where in them each entry's begin and end."""
    firsts, counts = generation.starts[entries], generation.counts[entries]
    ends = counts.cumsum()
    starts = ends - counts
    rows = np.arange(ends[-1]) + (firsts - starts).repeat(counts)
    return rows, starts, ends
