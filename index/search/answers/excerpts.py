"""Select the part of an entry that answers a question.

The parts are the definition, the paragraphs of the sections, and the answers to similar questions
in the entry. Each is scored by its cosine to the question, and the best one is shown. An answer is
scored by the mean of its own cosine and that of its question, which is shown above it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry
from index.names import name_key
from index.search.answers.intents import Aim, aim_of
from index.search.answers.sentences import (
    continued_definition,
    first_sentences,
    is_self_contained,
    prefix_term,
    split_sentences,
)
from index.search.retrieval import cosines_of, shown_rows
from index.storage import Generation

MIN_QUESTION_COSINE = 0.6  # below which a question of the entry is another question
SAME_QUESTION_COSINE = 0.9  # from which the user asked that question
ANSWER_BONUS = 0.05
MIN_PARAGRAPH_COSINE = 0.4  # below which the definition precedes a paragraph
MAX_PARAGRAPHS = 3  # to compare, from the section nearest to the question on; each takes 18 ms
DEFINITION_BONUS: dict[Aim, float] = {"name": 1.0, "definition": 0.25}
OTHER_BONUS = 0.15  # of the definition, for other aims


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt from an entry, with its heading and score. If it answers a question in the entry,
    `question` is that question."""

    heading: str
    text: str
    score: float
    question: str = ""

    @property
    def shown(self) -> str:
        """The text to show: the excerpt, preceded by its question unless the user asked that."""
        if not self.question or self.score >= SAME_QUESTION_COSINE:
            return self.text
        return f"{self.question}\n{self.text}"


def best_excerpt(
    generation: Generation,
    embedder: Embedder,
    entry: Entry,
    question: str,
    point: NDArray[np.float32],
    told: Collection[str] = (),
) -> Excerpt | None:
    """Select the excerpt of `entry` that answers `question`.

    `point` (`float32[d]`) is the vector of the question, interpreted as a question about the entry.
    Headings in `told` are left out unless a question there is asked again. Returns None if nothing
    else remains.
    """
    answers = {item.question: item.answer for item in reversed(entry.faq)}
    continued = name_key(entry.term)  # the heading of sections that continue a long definition
    defined, running = 0.0, ""
    asked: dict[str, float] = {}
    answered: dict[str, float] = {}
    sections: list[tuple[float, str, str]] = []
    rows = shown_rows(generation, entry.id)
    for row, cosine in zip(rows, cosines_of(generation, rows, point).tolist(), strict=True):
        passage = generation.passages[row]
        heading = passage.heading
        if passage.kind == "question":
            asked[heading] = max(cosine, asked.get(heading, -1.0))
        elif passage.kind == "answer":
            answered[heading] = cosine
        elif passage.kind == "definition" or name_key(heading) == continued:
            if cosine > defined:
                defined, running = cosine, passage.text
        elif passage.kind == "section" and heading not in told:
            sections.append((cosine, heading, passage.text))
    found = [
        Excerpt(heading, answers[heading], _answer_score(cosine, answered[heading]), heading)
        for heading, cosine in asked.items()
        if cosine >= MIN_QUESTION_COSINE
    ]
    found += _paragraphs(embedder, sorted(sections, reverse=True), point)
    if "Definition" not in told:
        text = prefix_term(entry, continued_definition(entry, running))
        score = defined + DEFINITION_BONUS.get(aim_of(question), OTHER_BONUS)
        found.append(Excerpt("Definition", text, max(score, MIN_PARAGRAPH_COSINE)))
    return max(found, key=lambda item: item.score, default=None)


def _answer_score(asked: float, answered: float) -> float:
    return asked if asked >= SAME_QUESTION_COSINE else (asked + answered) / 2 + ANSWER_BONUS


def _paragraphs(
    embedder: Embedder, sections: list[tuple[float, str, str]], point: NDArray[np.float32]
) -> list[Excerpt]:
    """Return the paragraphs of `sections` that make sense on their own, scored by cosine."""
    parts = [
        (heading, part)
        for _, heading, text in sections
        for at, part in enumerate(part for part in re.split(r"\n\s*\n", text) if part.strip())
        if at == 0 or is_self_contained(split_sentences(part)[0])
    ][:MAX_PARAGRAPHS]
    cosines = embed_documents(embedder, [part for _, part in parts]) @ point
    return [
        Excerpt(heading, first_sentences(part), float(cosine))
        for (heading, part), cosine in zip(parts, cosines, strict=True)
    ]
