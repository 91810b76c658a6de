"""Moves: recognized in lines that the classifier was not trained on.

`judged_moves.jsonl` has 230 follow-ups by two authors: 154 moves, and 76 lines that look like moves
but ask something of their own.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from index.search.answers import moves
from index.search.answers.intents import plain
from index.search.answers.moves import MOVES, move_of
from tools.moves.train import LINES, OTHER, train

JUDGED = Path(__file__).with_name("judged_moves.jsonl")
MIN_FOUND = {"simpler": 0.8, "example": 0.8, "why": 0.8, "more": 0.9}
MAX_MISTAKEN = 0.08  # of the lines that are not moves


def judged() -> list[tuple[str, str]]:
    rows = map(json.loads, JUDGED.read_text(encoding="utf-8").splitlines())
    return [(row["say"], row["kind"]) for row in rows]


@pytest.mark.parametrize("kind", MOVES)
def test_most_moves_are_recognized(kind: str) -> None:
    found = [move_of(plain(line)) == kind for line, expected in judged() if expected == kind]
    assert np.mean(found) >= MIN_FOUND[kind]


def test_few_other_lines_are_taken_for_moves() -> None:
    found = [move_of(plain(line)) is not None for line, expected in judged() if expected == OTHER]
    assert np.mean(found) <= MAX_MISTAKEN


def test_no_judged_line_is_trained_on() -> None:
    lines = [json.loads(line)["say"] for line in LINES.read_text(encoding="utf-8").splitlines()]
    assert not set(lines) & {line for line, _ in judged()}


def test_a_long_line_is_no_move() -> None:
    assert move_of("why") == "why"
    assert move_of("why " * (moves.LONGEST + 1)) is None


def test_the_parameters_are_those_of_the_lines() -> None:
    trained, bundled = train(), moves.bundled_parameters()
    assert list(trained["features"]) == list(bundled.columns)
    np.testing.assert_allclose(trained["weights"], bundled.weights, atol=0.02)
