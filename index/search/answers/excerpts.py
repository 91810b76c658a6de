"""Select the passage of an entry that answers a question.

Every passage gets a score: its cosine to the question plus a bonus for its kind. The passage with
the highest score is shown. If it is a section, only the paragraph nearest to the question is shown.
The definition is shown if no other passage reaches the score `LEAST`.
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

SAME_QUESTION = 0.75  # cosine from which two questions are equivalent
LEAST = 0.4  # score below which a passage does not replace the definition
QUESTION_WEIGHT = 0.3  # weight of the cosine to an entry's question; the rest is for its answer
ANSWER_BONUS = 0.1
HEADING_BONUS = 0.1  # for a section whose heading matches the aim
LEAST_SUITED = 0.45  # minimum score of a section whose heading matches the aim
DEFINITION_BONUS: dict[Aim, float] = {"name": 1.0, "definition": 0.25, "fact": 0.1}
DEFINITION_PENALTY = 0.1  # for aims without a definition bonus
AIM_HEADINGS: dict[Aim, frozenset[str]] = {
    "cause": frozenset(["how", "cause", "causes"]),
    "steps": frozenset(["matters", "use", "using", "practice", "tips"]),
}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt from an entry, with its heading and score. If it answers a question in the entry,
    `question` is that question, and `is_asked` is true if the user asked an equivalent one."""

    heading: str
    text: str
    score: float
    question: str = ""
    is_asked: bool = False

    @property
    def is_fallback(self) -> bool:
        """Whether no passage of the entry is near the question."""
        return self.score <= LEAST

    @property
    def shown(self) -> str:
        """The text to show: the excerpt, preceded by its question unless the user asked that."""
        return f"{self.question}\n{self.text}" if self.question and not self.is_asked else self.text


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
    Headings in `told` are left out unless the user asks for them again. Returns None if nothing
    else remains.
    """
    aim = aim_of(question)
    answers = {item.question: item.answer for item in reversed(entry.faq)}
    continued = name_key(entry.term)  # the heading of sections that continue a long definition
    defined, running = 0.0, ""
    asked: dict[str, float] = {}
    answered: dict[str, float] = {}
    sections: dict[str, tuple[float, str]] = {}
    rows = shown_rows(generation, entry.id)
    for row, cosine in zip(rows, cosines_of(generation, rows, point).tolist(), strict=True):
        passage = generation.passages[row]
        heading = passage.heading
        if passage.kind == "question":
            asked[heading] = max(cosine, asked.get(heading, -1.0))
        elif passage.kind == "answer":
            answered[heading] = max(cosine, answered.get(heading, -1.0))
        elif passage.kind == "definition" or name_key(heading) == continued:
            if cosine > defined:
                defined, running = cosine, passage.text
        elif passage.kind == "section" and cosine > sections.get(heading, (-1.0, ""))[0]:
            sections[heading] = (cosine, passage.text)
    found = [
        Excerpt(
            "Definition",
            prefix_term(entry, continued_definition(entry, running)),
            max(defined + DEFINITION_BONUS.get(aim, -DEFINITION_PENALTY), LEAST),
        )
    ]
    found += [
        Excerpt(
            heading,
            answers[heading],
            _answer_score(asked[heading], cosine),
            question=heading,
            is_asked=asked[heading] >= SAME_QUESTION,
        )
        for heading, cosine in answered.items()
    ]
    found += [
        Excerpt(heading, text, _section_score(cosine, aim, heading))
        for heading, (cosine, text) in sections.items()
    ]
    left = [item for item in found if item.heading not in told or item.is_asked]
    if not left:
        return None
    best = max(left, key=lambda item: item.score)
    if best.heading in sections:
        text = _nearest_paragraph(embedder, best.text, point)
        return Excerpt(best.heading, text, best.score)
    return best


def _answer_score(asked: float, answered: float) -> float:
    score = QUESTION_WEIGHT * asked + (1 - QUESTION_WEIGHT) * answered + ANSWER_BONUS
    return max(score, asked) if asked >= SAME_QUESTION else score


def _section_score(cosine: float, aim: Aim, heading: str) -> float:
    suits = not AIM_HEADINGS.get(aim, frozenset()).isdisjoint(name_key(heading).split())
    return max(cosine + HEADING_BONUS, LEAST_SUITED) if suits else cosine


def _nearest_paragraph(embedder: Embedder, text: str, point: NDArray[np.float32]) -> str:
    """Return the paragraph nearest to the question, of those that make sense on their own."""
    first, *others = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    paragraphs = [first, *(one for one in others if is_self_contained(split_sentences(one)[0]))]
    if len(paragraphs) == 1:
        return first_sentences(first)
    return first_sentences(
        paragraphs[int((embed_documents(embedder, paragraphs) @ point).argmax())]
    )
