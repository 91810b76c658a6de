"""Recognize moves: wishes for plainer words, an example, the reason, or more of the last answer.

A linear classifier of the words and the pairs of words in a line, trained by
`python -m tools.moves.train`.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Move = Literal["simpler", "example", "why", "more"]
MOVES: tuple[Move, ...] = get_args(Move)
PARAMETERS = "moves.npz"
MIN_PROBABILITY = 0.4
LONGEST = 30  # words of a line
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|\?")


@dataclass(frozen=True, slots=True)
class MoveParameters:
    """The columns of the features, and for each move and for other lines the weights of the
    features and a constant: `float32[f, 5]` and `float32[5]`."""

    columns: dict[str, int]
    weights: NDArray[np.float32]
    constants: NDArray[np.float32]


def move_of(line: str) -> Move | None:
    """Return the likeliest move in a line. Return None if its probability is below
    `MIN_PROBABILITY` or the line is longer than `LONGEST`."""
    words = words_of(line)
    if len(words) > LONGEST:
        return None
    parameters = bundled_parameters()
    found = set(features(words, parameters.columns))
    columns = [parameters.columns[one] for one in found if one in parameters.columns]
    scores = parameters.constants + parameters.weights[columns].sum(axis=0)
    chances = np.exp(scores - scores.max())
    best = int(chances[: len(MOVES)].argmax())
    is_likely = chances[best] >= MIN_PROBABILITY * chances.sum()
    return MOVES[best] if is_likely else None


def words_of(line: str) -> list[str]:
    """Return the words and question marks of a line, with 0 for a number."""
    return ["0" if word.isdigit() else word for word in _WORD.findall(line.casefold())]


def features(words: Sequence[str], known: Container[str]) -> list[str]:
    """Return words, with * for those that are not `known`, and the pairs of successive words, start
    and end included: `features(["why", "red"], {"why"}) == ["why", "*", "^ why", "why *", "* $"]`.
    """
    shown = [word if word in known else "*" for word in words]
    pairs = zip(["^", *shown], [*shown, "$"], strict=True)
    return [*shown, *(f"{one} {other}" for one, other in pairs)]


@cache
def bundled_parameters() -> MoveParameters:
    with np.load(Path(__file__).parent / PARAMETERS) as arrays:
        columns = {str(name): column for column, name in enumerate(arrays["features"])}
        return MoveParameters(columns, arrays["weights"], arrays["constants"])
