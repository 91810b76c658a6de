"""Moves: recognized in lines that the classifier was not trained on.

`judged_moves.jsonl` has 104 follow-ups by an author of none of the trained lines: 64 moves, and 40
lines that look like moves but ask something of their own.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from index.search.answers import moves
from index.search.answers.intents import plain
from index.search.answers.moves import move_of
from tools.moves.train import LINES, OTHER, train

JUDGED = Path(__file__).with_name("judged_moves.jsonl")
MIN_FOUND = 0.8  # of the moves
MAX_MISTAKEN = 0.15  # of the lines that are not moves


def judged() -> list[tuple[str, str]]:
    rows = map(json.loads, JUDGED.read_text(encoding="utf-8").splitlines())
    return [(row["say"], row["kind"]) for row in rows]


def test_most_moves_are_recognized() -> None:
    found = [move_of(plain(line)) == kind for line, kind in judged() if kind != OTHER]
    assert np.mean(found) >= MIN_FOUND


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("simpler?", "simpler"),
        ("tl;dr", "simpler"),
        ("in plain English please", "simpler"),
        ("I don’t understand that", "simpler"),
        ("examples?", "example"),
        ("can you show me one from a bank?", "example"),
        ("Why?", "why"),
        ("how come", "why"),
        ("more", "more"),
        ("details please", "more"),
        ("why is it red?", None),
        ("why blurry?", None),
        ("more creative?", None),
        ("give me a link", None),
        ("should I add another example?", None),
    ],
)
def test_common_forms_are_recognized(line: str, kind: str | None) -> None:
    assert move_of(plain(line)) == kind


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
    np.testing.assert_allclose(trained["constants"], bundled.constants, atol=0.02)
