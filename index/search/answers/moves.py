"""Recognize moves: wishes for plainer words, an example, the reason, or more of the last answer."""

from typing import Literal, get_args

from index.search.answers.line_classifier import bundled_classifier, words_of

Move = Literal["simpler", "example", "why", "more"]
MOVES: tuple[Move, ...] = get_args(Move)
PARAMETERS = "moves.npz"
MIN_PROBABILITY = 0.4
LONGEST = 30  # words of a line


def move_of(line: str) -> Move | None:
    """Return the likeliest move in a plain line (see `intents.plain`). Return None if its
    probability is below `MIN_PROBABILITY` or the line is longer than `LONGEST`."""
    words = words_of(line)
    if len(words) > LONGEST:
        return None
    chances = bundled_classifier(PARAMETERS).probabilities(words)
    best = max(MOVES, key=lambda move: chances[move])
    return best if chances[best] >= MIN_PROBABILITY else None
