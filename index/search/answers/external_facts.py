"""Recognize questions for facts that an encyclopedia rarely contains: a price, a person, a date, a
law, a fact of the user's organization, or one that is found elsewhere, such as the news."""

import math

from index.search.answers.intents import plain
from index.search.answers.line_classifier import bundled_classifier, words_of

PARAMETERS = "facts.npz"
ANSWERABLE = "answerable"  # the label of other questions
MIN_PROBABILITY = 1e-3


def external_log_odds(question: str) -> float:
    """Return the log-odds that a question is for such a fact, by its wording."""
    chances = bundled_classifier(PARAMETERS).probabilities(words_of(plain(question)))
    other = min(max(chances[ANSWERABLE], MIN_PROBABILITY), 1 - MIN_PROBABILITY)
    return math.log(1 - other) - math.log(other)
