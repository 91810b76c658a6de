"""Answer a line with the excerpt that the reader chooses, or with two."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from index.entry import Entry
from index.excerpts import Excerpt
from index.search.answers.candidates import ExcerptCandidate, candidates_for, number_of, probability
from index.search.answers.context import NEAREST, AnswerDraft, QuestionContext, cite
from index.search.answers.intents import insert_term, questions_in, refers_back
from index.search.answers.parameters import reading_parameters
from index.search.neighbours import mention
from index.search.results import Confidence
from index.sentences import brief, prefix_term
from index.text import one_line

NOTHING = "No entry covers this."
SAME_QUESTION_COSINE = 0.9  # from which the user asked a question of the entry


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The candidates for a line or for one half of it, best first, and the probability that the
    best answers it. `definition` is set if the line only asks for one."""

    candidates: Sequence[ExcerptCandidate]
    probability: float
    definition: Entry | None = None

    @property
    def is_answer(self) -> bool:
        return self.definition is not None or self.probability >= reading_parameters().answered

    @property
    def topic(self) -> Entry | None:
        return self.candidates[0].interpretation.topic if self.candidates else self.definition


def answer_by_reading(
    context: QuestionContext,
    line: str,
    *,
    only: Entry | None = None,
    without: Collection[str] = (),
) -> AnswerDraft:
    """Answer a line from the entry `only`, or else from the entries near it that are not in
    `without`. A line that asks two things is answered for each half."""
    halves = questions_in(line)
    if len(halves) == 2 and only is None:
        first = _half(context, halves[0], without)
        about = first.definition or _entry_of(context, first)
        second = _half(context, _completed(context, halves[1], about), without)
        answered = [one for one in (first, second) if one.is_answer]
        if len(answered) == 2:
            return _both(context, answered[0], answered[1])
    return _draft(context, line, _found(context, line, only, without))


def _found(
    context: QuestionContext, line: str, only: Entry | None, without: Collection[str]
) -> _Found:
    named = context.only_subject(line)
    if only is None and named is not None and named.id not in without:
        only = named
    found = candidates_for(context, line, only=only, without=without)
    if not found:
        return _Found(found, 0.0)
    chance = probability(number_of(line, found))
    return _Found(found, max(chance, reading_parameters().sure) if _is_asked(found[0]) else chance)


def _half(context: QuestionContext, half: str, without: Collection[str]) -> _Found:
    named = context.resolve_name(half)
    if named and named.entry_id not in without:
        return _Found((), 1.0, context.generation.entries[named.entry_id])
    return _found(context, half, None, without)


def _entry_of(context: QuestionContext, found: _Found) -> Entry | None:
    if not (found.candidates and found.is_answer):
        return None
    return context.generation.entries[found.candidates[0].excerpt.entry_id]


def _completed(context: QuestionContext, half: str, about: Entry | None) -> str:
    """Return the second half of a line with the subject of the first, unless it has its own."""
    has_own = context.subjects_in(half) and not refers_back(half)
    return half if about is None or has_own else insert_term(half, about.term)


def _both(context: QuestionContext, first: _Found, second: _Found) -> AnswerDraft:
    texts, places = [], []
    for found in (first, second):
        if found.definition is not None:
            texts.append(prefix_term(found.definition, brief(found.definition.definition)))
            places.append(cite(found.definition, "Definition"))
        else:
            excerpt = found.candidates[0].excerpt
            texts.append(_text(found.candidates[0], is_brief=True))
            places.append(cite(context.generation.entries[excerpt.entry_id], excerpt.heading))
    if places[0] == places[1]:
        texts, places = texts[:1], places[:1]
    draft = _with_near(context, second if second.candidates else first)
    return replace(
        draft,
        text="\n\n".join(texts),
        citations=tuple(places),
        confidence=_confidence(min(first.probability, second.probability)),
        topic=places[0].id,
    )


def _draft(context: QuestionContext, line: str, found: _Found) -> AnswerDraft:
    draft = _with_near(context, found)
    if not found.is_answer or not found.candidates:
        return replace(draft, text=NOTHING, follow_ups=())
    best, parameters = found.candidates[0], reading_parameters()
    others = [one for one in found.candidates[1:] if one.excerpt.text != best.excerpt.text]
    second = next(iter(others), None)
    is_clear = found.probability >= parameters.unhedged
    is_close = second is not None and best.score - second.score < parameters.margin
    if context.only_subject(line) and best.excerpt.kind != "definition":
        # A line with little more than a name may ask for no more than the definition.
        definitions = (one for one in others if one.excerpt.kind == "definition")
        second, is_close = next(definitions, second), True
    is_single = second is None or _is_asked(best) or (is_clear and not is_close)
    shown = [best] if second is None or is_single else [best, second]
    entries = context.generation.entries
    cited = dict.fromkeys(cite(entries[one.excerpt.entry_id], one.excerpt.heading) for one in shown)
    return replace(
        draft,
        text="\n\n".join(_text(one, is_brief=not is_single, names=not is_single) for one in shown),
        citations=tuple(cited),
        confidence=_confidence(found.probability),
        topic=_topic(context, line, best),
    )


def _topic(context: QuestionContext, line: str, best: ExcerptCandidate) -> str:
    """Return the id of what a line is about: the entry that it names, or else the topic of its
    reading, or else the entry that answers it."""
    named = context.subjects_in(line)
    if len(named) == 1 and not best.interpretation.topic:
        return named[0].id
    return best.interpretation.topic.id if best.interpretation.topic else best.excerpt.entry_id


def _with_near(context: QuestionContext, found: _Found) -> AnswerDraft:
    """Return a draft without text, with the nearest entries, and the questions that further
    candidates answer."""
    if not found.candidates:
        return AnswerDraft("")
    generation, best = context.generation, found.candidates[0]
    ranking = best.interpretation.ranking
    near = tuple(mention(generation, one) for one in ranking.found[:NEAREST])
    asked = [one.excerpt for one in found.candidates[1:] if one.excerpt.kind == "question"]
    follow_ups = dict.fromkeys(one.heading for one in asked)
    return AnswerDraft("", nearest=near, sparse=ranking.sparse, follow_ups=tuple(follow_ups))


def _confidence(probability: float) -> Confidence:
    parameters = reading_parameters()
    if probability >= parameters.sure:
        return "sure"
    return "quite sure" if probability >= parameters.unhedged else "not sure"


def _is_asked(candidate: ExcerptCandidate) -> bool:
    """Return whether an excerpt answers a question of its entry that the user asked in almost the
    same words."""
    first = candidate.interpretation.ranking.found[:1]
    is_nearest = [candidate.excerpt.entry_id] == [one.entry_id for one in first]
    is_question = candidate.excerpt.kind == "question"
    return is_question and is_nearest and first[0].cosine >= SAME_QUESTION_COSINE


def _text(candidate: ExcerptCandidate, *, is_brief: bool = False, names: bool = False) -> str:
    """Return the text of an excerpt, below its question, unless the user asked that. If it is one
    of two (`names`), it is below its source."""
    excerpt: Excerpt = candidate.excerpt
    text = brief(excerpt.text) if is_brief else excerpt.text
    if excerpt.kind == "question" and not _is_asked(candidate):
        return f"{excerpt.heading}\n{text}"
    if names and excerpt.kind == "section":
        term = one_line(excerpt.read.partition(f", {excerpt.heading}: ")[0])
        return f"{term}, {excerpt.heading}\n{text}"
    return text
