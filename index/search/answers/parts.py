"""Predict which part of an entry answers a question, from the wording of the question."""

from collections.abc import Mapping
from typing import Literal, get_args

from index.search.answers.intents import plain
from index.search.answers.line_classifier import bundled_classifier, words_of
from index.search.answers.sentences import explains_how, explains_importance

Part = Literal["definition", "introduction", "workings", "advice", "example", "question"]
PARTS: tuple[Part, ...] = get_args(Part)
PARAMETERS = "parts.npz"


def part_probabilities(question: str) -> dict[Part, float]:
    """Return the probability of each part that it answers `question`."""
    chances = bundled_classifier(PARAMETERS).probabilities(words_of(plain(question)))
    return {part: chances[part] for part in PARTS}


def likeliest_part(chances: Mapping[Part, float]) -> Part:
    return max(chances, key=chances.__getitem__)


def part_of_section(number: int, heading: str) -> Part:
    """Return the part that a section is, from its heading and its number, from 0, among those that
    do not continue the definition. Other sections answer side questions, as the questions do."""
    if explains_how(heading):
        return "workings"
    if explains_importance(heading):
        return "advice"
    return "introduction" if number == 0 else "question"
