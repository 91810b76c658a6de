"""Find and score the excerpts that may answer a line.

A line is interpreted as it stands, and in a conversation also as a question about the topic and
about an earlier topic, with the term inserted. For each interpretation, the candidates are the
excerpts of the first five entries, and the topic's. The score of a candidate is what the reader
says, plus the similarity of the entry in log-odds, plus what its interpretation adds. One number,
the probability that the best candidate answers the line, decides on the rest.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from index.entry import Entry
from index.excerpts import Excerpt
from index.names import content_words
from index.search.answers.context import QuestionContext
from index.search.answers.excerpt_reader import LateInteractionReader, Reader
from index.search.answers.external_facts import external_log_odds
from index.search.answers.intents import insert_term, refers_back
from index.search.answers.parameters import reading_parameters
from index.search.ranking import Ranking, rank
from index.storage import Generation

READ_ENTRIES = 5
READ_TOPICS = 3
LEAST, MOST = 0.02, 0.99  # similarity, before its log-odds are taken
FAR = 5.0  # margin of a candidate without another


@dataclass(frozen=True, slots=True, eq=False)
class Interpretation:
    """A line as a question about `topic`, or as it stands if that is None, with the entries near
    it, and its signals (see `_signals`)."""

    text: str
    topic: Entry | None
    ranking: Ranking
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class ExcerptCandidate:
    """The excerpt with this number in an interpretation, with its score, and the signals that are
    added to what the reader says."""

    number: int
    excerpt: Excerpt
    interpretation: Interpretation
    score: float
    signals: Mapping[str, float]


def candidates_for(
    context: QuestionContext,
    line: str,
    *,
    only: Entry | None = None,
    without: Collection[str] = (),
) -> list[ExcerptCandidate]:
    """Return the candidates for a line, best first: from the entry `only`, if given, and else from
    entries not in `without`."""
    reader = LateInteractionReader(context.generation, context.embedder)
    found: list[ExcerptCandidate] = []
    for interpretation in _interpretations(context, line, only, without):
        found += _candidates(context, reader, line, interpretation, only)
    return sorted(found, key=lambda one: -one.score)


def number_of(line: str, found: list[ExcerptCandidate]) -> dict[str, float]:
    """Return the signals of the one number for the best of `found` (not empty)."""
    best = found[0]
    rest = [one.score for one in found if one.excerpt != best.excerpt]
    return {
        "constant": 1.0,
        "similarity": best.signals["similarity"],
        "external": external_log_odds(line),
        "margin": min(best.score - max(rest), FAR) if rest else FAR,
        "topic": best.interpretation.signals.get("topic", 0.0),
    }


def probability(signals: Mapping[str, float]) -> float:
    """Return the probability that the best candidate answers the line."""
    weights = reading_parameters().number
    return 1 / (1 + math.exp(-sum(weights[name] * value for name, value in signals.items())))


def _interpretations(
    context: QuestionContext, line: str, only: Entry | None, without: Collection[str]
) -> Iterator[Interpretation]:
    if only is not None:
        yield _interpretation(context, insert_term(line, only.term), only, without, {})
        return
    alone = _interpretation(context, line, None, without, {})
    is_fragment = len(content_words(line)) < 2 and not context.subjects_in(line)
    if context.focus is None or not is_fragment:  # "limits?" is about the topic
        yield alone
    topics = [one for one in context.topics[:READ_TOPICS] if one.id not in without]
    nearest = alone.ranking.found[0].similarity if alone.ranking.found else 0.0
    for at, topic in enumerate(topics):
        if topic is context.focus or at:
            signals = _signals(context, line, topic, earlier=at > 0)
            signals["alone"] = _log_odds(nearest)
            is_named = topic in context.subjects_in(line)
            text = line if is_named else insert_term(line, topic.term)
            yield _interpretation(context, text, topic, without, signals)


def _signals(
    context: QuestionContext, line: str, topic: Entry, *, earlier: bool
) -> dict[str, float]:
    """Return what speaks for a question about a topic: whether the line refers to something, is
    short, or names another entry, and whether the topic is an earlier one."""
    named = context.subjects_in(line)
    return {
        "topic": 1.0,
        "earlier": float(earlier),
        "refers": float(refers_back(line)),
        "short": float(len(content_words(line)) < 3),
        "names another": float(any(one is not topic for one in named)),
    }


def _interpretation(
    context: QuestionContext,
    text: str,
    topic: Entry | None,
    without: Collection[str],
    signals: Mapping[str, float],
) -> Interpretation:
    generation = context.generation
    ranking = rank(generation, text, context.point(text), READ_ENTRIES, without=without)
    return Interpretation(text, topic, ranking, signals)


def _candidates(
    context: QuestionContext,
    reader: Reader,
    line: str,
    interpretation: Interpretation,
    only: Entry | None,
) -> Iterator[ExcerptCandidate]:
    generation, weights = context.generation, reading_parameters().score
    similarity = {one.entry_id: one.similarity for one in interpretation.ranking.found}
    topic = interpretation.topic
    named = [entry.id for entry in context.subjects_in(line)]
    ids = [only.id] if only else [*similarity, *([topic.id] if topic else named)]
    numbers = [
        number
        for one in dict.fromkeys(ids)
        for number in generation.excerpts_by_entry[one]
        if not _is_over(context, generation, number)
    ]
    if not numbers:
        return
    read = reader.read(line, numbers, interpretation.text)
    for at, number in enumerate(numbers):
        excerpt = generation.excerpts[number]
        signals = {
            "similarity": _log_odds(similarity.get(excerpt.entry_id, 0.0)),
            **interpretation.signals,
        }
        signals["named"] = float(excerpt.entry_id in named)
        if topic:
            signals["own"] = float(excerpt.entry_id == topic.id)
        score = float(read[at]) + sum(weights[name] * value for name, value in signals.items())
        yield ExcerptCandidate(number, excerpt, interpretation, score, signals)


def _is_over(context: QuestionContext, generation: Generation, number: int) -> bool:
    """Return whether an excerpt is an example, which is shown only if it is asked for, or was shown
    in the conversation. An answer may be asked for again."""
    excerpt = generation.excerpts[number]
    if excerpt.kind == "question" or excerpt.entry_id != context.thread.focus:
        return excerpt.kind == "example"
    return excerpt.kind == "example" or excerpt.heading in context.thread.told


def _log_odds(similarity: float) -> float:
    near = min(max(similarity, LEAST), MOST)
    return math.log(near) - math.log(1 - near)
