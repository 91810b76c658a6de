"""Interpret a question in a thread as a question about one of several entries."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.names import content_words
from index.search.answers.context import QuestionContext
from index.search.answers.intents import insert_term
from index.search.ranking import Ranking
from index.search.retrieval import cosines_of, shown_rows

MIN_CONFIDENT_SIMILARITY = 0.8  # minimum of the first entry for an answer without a hedge
# Advantage in support of an entry that a follow-up names over the topic, and of the topic over the
# nearest entry and the previous topic.
SUPPORT_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A question interpreted as a question about `entry`. `point` (`float32[d]`) is midway between
    the vectors of the question with a term inserted and without. `cosine` (with the term) and
    `bare_cosine` (without) are to the nearest passage."""

    entry: Entry
    point: NDArray[np.float32]
    cosine: float
    bare_cosine: float

    @property
    def support(self) -> float:
        """The mean of the two cosines."""
        return (self.cosine + self.bare_cosine) / 2


def interpret(context: QuestionContext, entry: Entry, question: str, term: str) -> Interpretation:
    """Interpret a question as a question about `entry`, with `term` inserted. The point is midway
    between the vectors with and without the term, since the former favours general passages."""
    generation = context.generation
    bare = named = context.point(question)
    if entry.term != term or entry.id not in generation.names.find_in(question):
        named = context.point(insert_term(question, term))
    rows = shown_rows(generation, entry.id)
    cosine, alone = (float(cosines_of(generation, rows, point).max()) for point in (named, bare))
    middle = (bare + named) / np.linalg.norm(bare + named)
    return Interpretation(entry, middle, cosine, alone)


def best_interpretation(
    context: QuestionContext,
    question: str,
    ranking: Ranking,
    own: Interpretation,
    named: Sequence[Entry],
) -> Interpretation:
    """Interpret a question as one about the topic (`own`), an entry that it names, or the nearest
    entry if that is similar or linked with the topic, else the previous topic: whichever has the
    most support, with an advantage for a name and a disadvantage for the last two."""
    topic = own.entry
    entries, links = context.generation.entries, context.generation.links
    candidates = {entry.id: (topic.term, SUPPORT_MARGIN) for entry in named}
    candidates.setdefault(topic.id, (topic.term, 0.0))
    first = ranking.found[0].entry_id if ranking.found else ""
    is_likely = is_strong(ranking) or first in links[topic.id]
    if is_likely and len(content_words(question)) > 1:
        candidates.setdefault(first, (topic.term, -SUPPORT_MARGIN))
    elif previous := context.previous:
        candidates.setdefault(previous.id, (previous.term, -SUPPORT_MARGIN))
    found = [
        (
            own if one == topic.id else interpret(context, entries[one], question, term),
            advantage,
        )
        for one, (term, advantage) in candidates.items()
    ]
    return max(found, key=lambda item: item[0].support + item[1])[0]


def return_to_topic(context: QuestionContext, question: str) -> Interpretation | None:
    """Interpret a question as one about the topic of the thread that is nearest to it. Return None
    if the question names an entry that was no topic."""
    named = context.subjects_in(question)
    found = [
        interpret(context, topic, question, topic.term)
        for topic in context.topics
        if topic in named or not named
    ]
    return max(found, key=lambda item: item.bare_cosine, default=None)


def is_strong(ranking: Ranking) -> bool:
    return bool(ranking.found) and ranking.found[0].similarity >= MIN_CONFIDENT_SIMILARITY
