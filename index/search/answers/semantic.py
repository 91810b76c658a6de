"""Answer a question by meaning, from an excerpt of the nearest entry.

A short question is about the one entry that it names. In a thread, a question can also be about the
topic, an earlier topic, or an entry near these (see `_answer_in_thread`).
"""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry, Mention
from index.names import content_words
from index.search.answers.context import NEAREST, AnswerDraft, QuestionContext, cite
from index.search.answers.coverage import is_covered
from index.search.answers.excerpts import Excerpt, origin_excerpts, ranked_excerpts
from index.search.answers.facts import has_number, lacks_external_fact
from index.search.answers.intents import dependence_of, insert_term, is_return
from index.search.answers.interpretations import (
    MIN_CONFIDENT_SIMILARITY,
    Interpretation,
    best_interpretation,
    interpret,
    is_strong,
    return_to_topic,
)
from index.search.answers.parts import likeliest_part, part_probabilities
from index.search.answers.wording import asks_number, defined_in, described_in, questions_in
from index.search.neighbours import mention
from index.search.ranking import Ranking, rank
from index.search.results import Confidence
from index.sources.source import BUNDLED

NOTHING = "No entry covers this."
MAX_CANDIDATES = 10
MIN_CONFIDENT_COSINE = 0.9  # minimum of the nearest passage for an answer without a hedge
MIN_SURE_SIMILARITY = 0.9  # minimum for the confidence "sure"
# Minimum cosines of the bare question to the nearest passage of the entry that a question in a
# thread is about, for an answer and for an answer without a hedge.
MIN_TOPIC_COSINE = 0.12
MIN_FOLLOW_UP_COSINE = 0.25
# Minimum support of the topic for a question that names no entry to be one of the topic's own.
MIN_OWN_SUPPORT = 0.68


def answer_by_meaning(
    context: QuestionContext,
    question: str,
    *,
    only: Entry | None = None,
    without: Collection[str] = (),
) -> AnswerDraft:
    """Answer `question` from the entry `only`, or else from the nearest entry not in `without`."""
    if only is not None:
        return _from_entry(context, question, interpret(context, only, question, only.term))
    described = described_in(question)
    point = context.point(described)
    ranking = rank(context.generation, described, point, MAX_CANDIDATES, without=without)
    topic = context.focus
    # A question for the name of what it describes depends on no topic.
    if topic is not None and topic.id not in without and described == question:
        if is_return(question) and not _is_question_of_entry(ranking):
            earlier = return_to_topic(context, question)
            if earlier and earlier.bare_cosine >= MIN_TOPIC_COSINE:
                return _from_entry(context, question, earlier)
        draft = _answer_in_thread(context, question, ranking, topic)
        if draft is not None:
            return draft
    named = context.only_subject(question)
    if named and not (named.id in without or ranking.sparse or _is_question_of_entry(ranking)):
        return _from_entry(context, question, interpret(context, named, question, named.term))
    return _from_first(context, question, ranking) or _declined(context, ranking)


def _answer_in_thread(
    context: QuestionContext, question: str, ranking: Ranking, topic: Entry
) -> AnswerDraft | None:
    """Answer from the topic, the previous topic, an entry that the question names, or the nearest
    entry, or return None for a question that is about none of them."""
    if _is_question_of_entry(ranking):
        return None
    if context.unknown_words(defined_in(question), topic) or context.is_exclamation(question):
        return None
    # "Limits?" is about the topic, not about the nearest entry.
    is_clear = is_strong(ranking) and len(content_words(question)) > 1
    dependence = dependence_of(question)
    is_independent = dependence in ("long", "standalone")
    named = context.subjects_in(question)
    near = [item.entry_id for item in ranking.found[: NEAREST if ranking.sparse else None]]
    is_matched = is_clear or (dependence == "long" and bool(near) and not ranking.sparse)
    own = interpret(context, topic, question, topic.term)
    if own.support >= MIN_OWN_SUPPORT and not named:
        return _from_entry(context, question, own)
    if is_independent and is_matched and topic not in named and near[0] != topic.id:
        return None
    best = best_interpretation(context, question, ranking, own, named)
    is_near = best.entry.id in near
    is_covered = best.entry in named or (is_near and best.entry is not context.previous)
    if is_independent and ranking.sparse and not is_covered:
        return None
    is_unlikely = is_clear or dependence != "refers"
    if best.bare_cosine < MIN_TOPIC_COSINE and is_unlikely:
        return None
    is_expected = best.entry in (topic, *named) or (is_clear and best.entry.id == near[0])
    weak = not is_expected or not (is_near or dependence == "refers")
    draft = _from_entry(context, question, best, weak=weak)
    return draft if draft.answered or dependence == "refers" else None


def _is_question_of_entry(ranking: Ranking) -> bool:
    return bool(ranking.found) and ranking.found[0].cosine >= MIN_CONFIDENT_COSINE


def _from_first(context: QuestionContext, question: str, ranking: Ranking) -> AnswerDraft | None:
    """Answer from the nearest entry, or return None if it has no answer."""
    if not ranking.found or ranking.sparse:
        return None
    first = ranking.found[0]
    if not is_covered(context, described_in(question), first):
        return None
    entry = context.generation.entries[first.entry_id]
    excerpts = _excerpts(context, entry, question, context.point(question))
    is_lacking = bool(excerpts) and _lacks(question, excerpts[0])
    if not excerpts or (is_lacking and entry.source == BUNDLED):
        return None
    near = tuple(mention(context.generation, item) for item in ranking.found[:NEAREST])
    similarity = first.similarity
    if first.cosine >= MIN_CONFIDENT_COSINE:
        similarity = max(similarity, MIN_CONFIDENT_SIMILARITY)
    elif is_lacking or context.is_unnamed_word(defined_in(question)):
        similarity = 0.0
    return _draft(context, question, entry, excerpts, similarity, near)


def _from_entry(
    context: QuestionContext, question: str, chosen: Interpretation, *, weak: bool = False
) -> AnswerDraft:
    """Answer from the entry of an interpretation, with a hedge if `weak` or if the bare question is
    not near it."""
    entry = chosen.entry
    excerpts = _excerpts(context, entry, question, chosen.point)
    is_lacking = bool(excerpts) and _lacks(question, excerpts[0])
    if is_lacking and entry.source == BUNDLED:
        excerpts = origin_excerpts(context.generation, entry, question)
        is_lacking = False
    if not excerpts:
        text = f"No answer found in the entry on {entry.term}."
        return AnswerDraft(text, nearest=context.mentions_near(entry))
    is_near = chosen.bare_cosine >= MIN_FOLLOW_UP_COSINE and not (weak or is_lacking)
    similarity = MIN_CONFIDENT_SIMILARITY if is_near else 0.0
    return _draft(context, question, entry, excerpts, similarity, context.mentions_near(entry))


def _excerpts(
    context: QuestionContext, entry: Entry, question: str, point: NDArray[np.float32]
) -> list[Excerpt]:
    told = context.thread.told if entry is context.focus else ()
    return ranked_excerpts(context.generation, context.embedder, entry, question, point, told)


def _parts(
    context: QuestionContext, entry: Entry, question: str, excerpts: Sequence[Excerpt]
) -> list[Excerpt]:
    """Return the excerpts to show: the first of `excerpts`, or for a message of several questions
    one for each of the first two. A question gets its own excerpt if that is an answer to a similar
    question, or the definition that it asks for, and else the first of `excerpts`."""
    asked = questions_in(question)
    if len(asked) < 2:
        return [excerpts[0]]
    whole = context.point(question)
    chosen: dict[str, Excerpt] = {}
    for one in asked[:2]:
        near = whole + context.point(insert_term(one, entry.term))
        best = next(iter(_excerpts(context, entry, one, near / np.linalg.norm(near))), excerpts[0])
        wanted = likeliest_part(part_probabilities(f"{one}?"))
        defines = best.heading == "Definition" and wanted == "definition"
        part = best if defines or best.is_asked else excerpts[0]
        chosen.setdefault(part.heading, part)
    return list(chosen.values())


def _lacks(question: str, excerpt: Excerpt) -> bool:
    """Return whether the excerpt lacks a fact that the question asks for. The classifier knows
    questions to the bundled encyclopedia, so own entries are then shown with a hedge."""
    return not excerpt.is_asked and lacks_external_fact(question, excerpt.text)


def _draft(
    context: QuestionContext,
    question: str,
    entry: Entry,
    excerpts: Sequence[Excerpt],
    similarity: float,
    near: tuple[Mention, ...],
) -> AnswerDraft:
    """Answer with the first of `excerpts`, or if the match is not weak, with an excerpt for each of
    two questions. The questions of the other excerpts are suggested next."""
    weak = similarity < MIN_CONFIDENT_SIMILARITY
    parts = excerpts[:1] if weak else _parts(context, entry, question, excerpts)
    text = "\n\n".join(part.shown for part in parts)
    confidence: Confidence = "sure" if similarity >= MIN_SURE_SIMILARITY else "quite sure"
    lacking = asks_number(question) and not has_number(text)
    if (weak and not parts[0].is_same) or (lacking and not parts[0].is_similar):
        confidence = "not sure"
    citations = tuple(cite(entry, part.heading) for part in parts)
    shown = {part.heading for part in parts}
    questions = (item.heading for item in excerpts if item.asked is not None)
    follow_ups = tuple(heading for heading in questions if heading not in shown)
    return AnswerDraft(text, citations, confidence, near, follow_ups=follow_ups)


def _declined(context: QuestionContext, ranking: Ranking) -> AnswerDraft:
    near = tuple(mention(context.generation, item) for item in ranking.found[:NEAREST])
    return AnswerDraft(NOTHING, nearest=near, sparse=ranking.sparse)
