"""Answer a question by meaning, from an excerpt of the nearest entry.

In a thread, a question has several readings: independent, or about an entry of the thread or of the
question. The reading with the highest support wins.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry, Mention
from index.names import telling_words
from index.search.answers.context import NEAREST, AnswerDraft, QuestionContext, cite
from index.search.answers.excerpts import Excerpt, best_excerpt
from index.search.answers.intents import (
    LONG,
    ContextDependence,
    aim_of,
    dependence_of,
    has_number,
    insert_term,
    lacks_external_fact,
)
from index.search.neighbours import mention
from index.search.ranking import Ranking, rank
from index.search.results import Confidence
from index.search.retrieval import cosines_of, shown_rows

NOTHING = "No entry covers this."
MAX_CANDIDATES = 10
MIN_CONFIDENT_SIMILARITY = 0.75  # of the first entry, for an answer without a hedge
MIN_CONFIDENT_COSINE = 0.9  # of the nearest passage, for an answer without a hedge
MIN_SURE_SIMILARITY = 0.9
# Of the cosine to a passage of the topic, for a question about the topic.
MIN_TOPIC_PERCENTILE: dict[ContextDependence, float] = {"points": 85.0, "short": 97.0}
MIN_CONFIDENT_PERCENTILE = 97.0  # of that cosine, for an answer without a hedge
# Bonus of the topic against other entries, in cosine.
HEAD_START: dict[ContextDependence, float] = {"points": 0.35, "short": 0.05}
NAMED_HEAD_START = 0.25  # the same for an entry named in the question


@dataclass(frozen=True, slots=True)
class _Reading:
    """A question read as one about `entry`: the vector of that reading (`float32[d]`), the cosine
    of the best passage of the entry, and `support`, the cosine with the head start added."""

    entry: Entry
    point: NDArray[np.float32]
    cosine: float
    support: float


def answer_by_meaning(
    context: QuestionContext,
    question: str,
    *,
    only: Entry | None = None,
    without: Collection[str] = (),
) -> AnswerDraft:
    """Answer `question` from the nearest entry, from `only` one, or `without` some ids."""
    if only is not None:
        return _in_thread(context, question, _read(context, only, question, only.term, 0))
    ranking = rank(
        context.generation, question, context.point(question), MAX_CANDIDATES, without=without
    )
    topic = context.focus
    if topic is not None and topic.id not in without:
        draft = _about_topic(context, question, ranking, topic)
        if draft is not None:
            return draft
    return _from_first(context, question, ranking) or _declined(context, ranking)


def _about_topic(
    context: QuestionContext, question: str, ranking: Ranking, topic: Entry
) -> AnswerDraft | None:
    """Answer a question that depends on the topic, from the topic or an entry named in it; None if
    it is independent."""
    lean = dependence_of(question)
    strong = bool(ranking.found) and ranking.found[0].similarity >= MIN_CONFIDENT_SIMILARITY
    if lean == "alone":
        long = len(telling_words(question)) >= LONG
        elsewhere = ranking.sparse and not _is_among_first(ranking, topic)
        if long or elsewhere or strong or context.said(question):
            return None
        lean = "short"
    reading = _best_reading(context, question, ranking, topic, lean)
    draft = _in_thread(context, question, reading) if reading is not None else None
    if draft is None and lean == "points" and not strong:
        return _declined(context, ranking, f"The entry on {topic.term} does not say.")
    return draft


def _from_first(context: QuestionContext, question: str, ranking: Ranking) -> AnswerDraft | None:
    if not ranking.found or ranking.sparse:
        return None
    first = ranking.found[0]
    entry = context.generation.entries[first.entry_id]
    point = context.point(question)
    excerpt = best_excerpt(context.generation, context.embedder, entry, question, point, point)
    if excerpt is None or _lacks(question, excerpt):
        return None
    near = tuple(mention(context.generation, item) for item in ranking.found[:NEAREST])
    minimum = MIN_CONFIDENT_SIMILARITY if first.cosine >= MIN_CONFIDENT_COSINE else 0.0
    return _draft(question, entry, excerpt, max(first.similarity, minimum), near)


def _best_reading(
    context: QuestionContext, question: str, ranking: Ranking, topic: Entry, lean: ContextDependence
) -> _Reading | None:
    """Return the reading with the most support: about the topic or an entry named in the question.
    None if the independent reading has more, or none has enough."""
    readings = [_read(context, topic, question, topic.term, HEAD_START[lean])]
    if lean == "points":
        said = [one for one in context.said(question) if one is not topic]
        readings += [_read(context, one, question, topic.term, NAMED_HEAD_START) for one in said]
    best = max(readings, key=lambda reading: reading.support)
    if context.percentile(best.cosine) < MIN_TOPIC_PERCENTILE[lean]:
        return None
    if ranking.sparse:
        return best if lean == "points" or _is_among_first(ranking, best.entry) else None
    others = [item.cosine for item in ranking.found if item.entry_id != best.entry.id]
    return best if best.support >= max(others[:1], default=0.0) else None


def _is_among_first(ranking: Ranking, entry: Entry) -> bool:
    return entry.id in [item.entry_id for item in ranking.found[:NEAREST]]


def _read(
    context: QuestionContext, entry: Entry, question: str, term: str, head_start: float
) -> _Reading:
    """Read a question as one about `entry`, with `term` inserted.

    The point is the middle of the vectors with and without the term, since the term alone favours
    general passages of the entry.
    """
    generation = context.generation
    bare = named = context.point(question)
    if entry.term != term or entry.id not in generation.names.mentioned(question):
        named = context.point(insert_term(question, term))
    rows = shown_rows(generation, entry.id)
    cosine = float(cosines_of(generation, rows, named).max())
    middle = (bare + named) / np.linalg.norm(bare + named)
    return _Reading(entry, middle, cosine, cosine + head_start)


def _in_thread(context: QuestionContext, question: str, reading: _Reading) -> AnswerDraft:
    entry = reading.entry
    excerpt = best_excerpt(
        context.generation,
        context.embedder,
        entry,
        question,
        context.point(question),
        reading.point,
        told=context.thread.told if entry is context.focus else (),
    )
    if excerpt is None or _lacks(question, excerpt):
        return AnswerDraft(
            f"The entry on {entry.term} does not say.", nearest=context.beside(entry)
        )
    strong = context.percentile(reading.cosine) >= MIN_CONFIDENT_PERCENTILE
    return _draft(
        question, entry, excerpt, float(strong) * MIN_CONFIDENT_SIMILARITY, context.beside(entry)
    )


def _lacks(question: str, excerpt: Excerpt) -> bool:
    """Whether the excerpt lacks an external fact that the question asks for.

    An answer to a question of the entry that asks for the same kind of fact lacks nothing.
    """
    if excerpt.is_asked or not lacks_external_fact(question, excerpt.text):
        return False
    return not lacks_external_fact(excerpt.question, excerpt.text)


def _draft(
    question: str,
    entry: Entry,
    excerpt: Excerpt,
    similarity: float,
    near: tuple[Mention, ...],
) -> AnswerDraft:
    confidence: Confidence = "sure" if similarity >= MIN_SURE_SIMILARITY else "quite sure"
    lacking = aim_of(question) == "number" and not has_number(excerpt.text)
    if not excerpt.is_asked and (
        similarity < MIN_CONFIDENT_SIMILARITY or excerpt.is_weak or lacking
    ):
        confidence = "not sure"
    return AnswerDraft(excerpt.shown, (cite(entry, excerpt.heading),), confidence, near)


def _declined(context: QuestionContext, ranking: Ranking, text: str = NOTHING) -> AnswerDraft:
    near = tuple(mention(context.generation, item) for item in ranking.found[:NEAREST])
    return AnswerDraft(text, nearest=near, sparse=ranking.sparse)
