"""Select the part of an entry that answers a question.

The parts are the definition, the paragraphs of the sections, and the answers to the questions in
the entry; the example is one only if the question asks for an example. A part scores the cosine of
its text or of its question to the user's question, whichever is higher, plus a share of the user's
words that it contains, plus a share of the probability that such a question is answered by such a
part (see `parts`). The first paragraph has a bonus in the first of several answers from the entry,
and a part with a number if the question asks for one. The part with the highest score is shown, an
answer below its question; for a question for the name of what it describes, the definition, if that
is the likeliest part.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry, Section
from index.names import name_key
from index.search.answers.facts import asks_origin, has_number, lacks_external_fact, says_origin
from index.search.answers.parts import (
    Part,
    likeliest_part,
    part_of_section,
    part_probabilities,
)
from index.search.answers.sentences import (
    continued_definition,
    first_sentences,
    is_self_contained,
    prefix_term,
)
from index.search.answers.wording import asks_number, described_in
from index.search.retrieval import cosines_of, shown_rows
from index.search.text_similarity import stems
from index.storage import Generation
from index.text import paragraphs, split_sentences

SIMILAR_QUESTION_COSINE = 0.6  # from which a question of the entry resembles the user's
ASKED_QUESTION_COSINE = 0.7  # from which the user asked that question in other words
SAME_QUESTION_COSINE = 0.9  # from which the user asked that question
WORDS_WEIGHT = 0.8  # of the share of the user's words in a part, beside a cosine
PART_WEIGHT = 0.8  # of the probability that a question is answered by such a part
INTRODUCTION_BONUS = 0.2  # of the first paragraph of the first section
NUMBER_BONUS = 0.3  # of a part with a number, if a number is asked for
_NAMES_IT = re.compile(r"(?:It|The (?:idea|method|model|name|technique|term))\b")
MAX_PARAGRAPHS = 3  # to embed, 18 ms each: those with the highest other scores


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt from an entry, with its heading and score. If it answers a question in the entry,
    the heading is that question, and `asked` is its cosine to the user's question."""

    heading: str
    text: str
    score: float
    asked: float | None = None

    @property
    def is_similar(self) -> bool:
        """Whether it answers a question similar to the user's."""
        return self.asked is not None and self.asked >= SIMILAR_QUESTION_COSINE

    @property
    def is_asked(self) -> bool:
        """Whether it answers what the user asked in other words."""
        return self.asked is not None and self.asked >= ASKED_QUESTION_COSINE

    @property
    def is_same(self) -> bool:
        """Whether it answers what the user asked in almost the same words."""
        return self.asked is not None and self.asked >= SAME_QUESTION_COSINE

    @property
    def shown(self) -> str:
        """The text to show: the excerpt, preceded by its question unless the user asked that."""
        is_plain = self.asked is None or self.is_same
        return self.text if is_plain else f"{self.heading}\n{self.text}"


def ranked_excerpts(
    generation: Generation,
    embedder: Embedder,
    entry: Entry,
    question: str,
    point: NDArray[np.float32],
    told: Collection[str] = (),
) -> list[Excerpt]:
    """Return the excerpts of `entry`, the best answer to `question` first.

    `point` (`float32[d]`) is the vector of the question, interpreted as a question about the entry.
    Headings in `told` are left out unless a question there is similar.
    """
    answers = {item.question: item.answer for item in reversed(entry.faq)}
    continued = name_key(entry.term)  # the heading of sections that continue a long definition
    wanted = stems(question)
    chances = part_probabilities(question)
    likeliest = likeliest_part(chances)
    asks_name = likeliest == "definition" and described_in(question) != question
    defined, running, illustrated = 0.0, "", 0.0
    asked: dict[str, float] = {}  # the cosine of each question
    answered: dict[str, float] = {}  # the cosine of its answer
    rows = shown_rows(generation, entry.id)
    for row, cosine in zip(rows, cosines_of(generation, rows, point).tolist(), strict=True):
        passage = generation.passages[row]
        heading = passage.heading
        if passage.kind == "question":
            asked[heading] = max(cosine, asked.get(heading, -1.0))
        elif passage.kind == "answer":
            answered[heading] = cosine
        elif passage.kind == "example":
            illustrated = cosine
        elif (passage.kind == "definition" or name_key(heading) == continued) and cosine > defined:
            defined, running = cosine, passage.text
    found = [
        Excerpt(
            heading,
            answers[heading],
            max(cosine, answered[heading])
            + _words_score(wanted, f"{heading} {answers[heading]}")
            + PART_WEIGHT * chances["question"],
            cosine,
        )
        for heading, cosine in asked.items()
        if heading not in told or cosine >= SIMILAR_QUESTION_COSINE
    ]
    sections = [part for part in entry.sections if name_key(part.heading) != continued]
    found += _paragraphs(embedder, sections, told, chances, wanted, point)
    if likeliest == "example" and entry.example and "Example" not in told:
        text = first_sentences(entry.example)
        score = illustrated + _words_score(wanted, text) + PART_WEIGHT * chances["example"]
        found.append(Excerpt("Example", text, score))
    if "Definition" not in told or likeliest == "definition":
        text = prefix_term(entry, continued_definition(entry, running))
        score = defined + _words_score(wanted, text) + PART_WEIGHT * chances["definition"]
        found.append(Excerpt("Definition", text, score))
    if asks_number(question):
        found = [
            replace(item, score=item.score + NUMBER_BONUS * has_number(item.text)) for item in found
        ]
    return sorted(
        found,
        key=lambda item: (
            not item.is_same,
            not (asks_name and item.heading == "Definition"),
            -item.score,
        ),
    )


def origin_excerpts(generation: Generation, entry: Entry, question: str) -> list[Excerpt]:
    """Return the sentence of the introduction that says who made the thing or when, if the question
    asks it."""
    if not entry.sections or not asks_origin(question):
        return []
    first = entry.sections[0]
    return [
        Excerpt(first.heading, prefix_term(entry, sentence), 0.0)
        for sentence in split_sentences(first.text)
        if (_NAMES_IT.match(sentence) or entry.id in generation.names.find_in(sentence))
        and says_origin(sentence)
        and not lacks_external_fact(question, sentence, entry)
    ][:1]


def _words_score(wanted: frozenset[str], text: str) -> float:
    return WORDS_WEIGHT * len(wanted & stems(text)) / max(1, len(wanted))


def _paragraphs(
    embedder: Embedder,
    sections: Sequence[Section],
    told: Collection[str],
    chances: Mapping[Part, float],
    wanted: frozenset[str],
    point: NDArray[np.float32],
) -> list[Excerpt]:
    """Return the paragraphs of `sections` that make sense on their own, with their scores."""
    found = []
    for number, section in enumerate(sections):
        parts = paragraphs(section.text) if section.heading not in told else []
        part_score = PART_WEIGHT * chances[part_of_section(number, section.heading)]
        for at, part in enumerate(parts):
            if at == 0 or is_self_contained(split_sentences(part)[0]):
                text = first_sentences(part)
                bonus = INTRODUCTION_BONUS if at == number == 0 and not told else 0.0
                score = _words_score(wanted, text) + part_score + bonus
                found.append(Excerpt(section.heading, text, score))
    found = sorted(found, key=lambda item: -item.score)[:MAX_PARAGRAPHS]
    cosines = embed_documents(embedder, [item.text for item in found]) @ point
    return [
        replace(item, score=item.score + float(cosine))
        for item, cosine in zip(found, cosines, strict=True)
    ]
