"""Predict which part of an entry answers a question, from the wording of the question."""

from typing import Literal

from index.search.answers.intents import plain
from index.search.answers.line_classifier import bundled_classifier, words_of
from index.search.answers.sentences import explains_how, explains_importance

Part = Literal["definition", "introduction", "workings", "advice", "example", "question"]
PARAMETERS = "parts.npz"


def part_probabilities(question: str) -> dict[str, float]:
    """Return the probability of each `Part` that it answers `question`."""
    return bundled_classifier(PARAMETERS).probabilities(words_of(plain(question)))


def likeliest_part(question: str) -> str:
    chances = part_probabilities(question)
    return max(chances, key=chances.__getitem__)


def part_of_section(number: int, heading: str) -> Part:
    """Return the part that a section is, from its number in the entry, from 0, and its heading. A
    section that is no other part answers a side question, like a question of the entry."""
    if number == 0:
        return "introduction"
    if explains_how(heading):
        return "workings"
    return "advice" if explains_importance(heading) else "question"
