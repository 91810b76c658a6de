"""The bundled classifiers of lines: how well they do on lines that they were not trained on.

`judged_moves.jsonl` has 104 follow-ups: 64 moves, and 40 lines that look like moves but ask
something of their own. `judged_facts.jsonl` has 150 questions that the encyclopedia answers, and 50
others, of which some are about other subjects.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from index.search.answers import external_facts, moves
from index.search.answers.external_facts import external_log_odds
from index.search.answers.intents import plain
from index.search.answers.line_classifier import bundled_classifier, words_of
from index.search.answers.moves import move_of
from tests.unit.index.tables import rows
from tools.lines.train import NAMES, lines_of, train

OTHER = "other"  # the label of lines that are no moves
MIN_MOVES = 0.8  # share of the moves that is recognized
MAX_MISTAKEN_MOVES = 0.15  # share of the other lines that is taken for moves
MIN_FACTS = 0.5  # share of the unanswerable questions that is recognized by the wording
MAX_MISTAKEN_FACTS = 0.1  # share of the answerable questions that is taken for unanswerable


def judged(name: str) -> list[tuple[str, str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [(row["text"], row["label"]) for row in map(json.loads, text.splitlines())]


def test_most_moves_are_recognized() -> None:
    lines = judged("judged_moves.jsonl")
    found = [move_of(plain(line)) == kind for line, kind in lines if kind != OTHER]
    assert np.mean(found) >= MIN_MOVES


def test_few_other_lines_are_taken_for_moves() -> None:
    lines = judged("judged_moves.jsonl")
    found = [move_of(plain(line)) is not None for line, kind in lines if kind == OTHER]
    assert np.mean(found) <= MAX_MISTAKEN_MOVES


@pytest.mark.parametrize(("line", "kind"), rows(__file__, "moves"))
def test_common_moves_are_recognized(line: str, kind: str | None) -> None:
    assert move_of(plain(line)) == kind


def test_a_long_line_is_no_move() -> None:
    assert move_of("why") == "why"
    assert move_of("why " * (moves.LONGEST + 1)) is None


def test_most_questions_for_external_facts_are_recognized() -> None:
    lines = judged("judged_facts.jsonl")
    found = [external_log_odds(line) > 0 for line, label in lines if label == "unanswerable"]
    assert np.mean(found) >= MIN_FACTS


def test_few_other_questions_are_taken_for_external_facts() -> None:
    lines = judged("judged_facts.jsonl")
    known = [line for line, label in lines if label == external_facts.ANSWERABLE]
    assert np.mean([external_log_odds(line) > 0 for line in known]) <= MAX_MISTAKEN_FACTS


def test_questions_for_external_facts_have_higher_odds() -> None:
    external = [external_log_odds(one) for one in rows(__file__, "external facts")]
    others = [external_log_odds(one) for one in rows(__file__, "facts of the field")]
    assert np.median(external) > 1 > -1 > np.median(others)


@pytest.mark.parametrize("name", NAMES)
def test_no_judged_line_is_trained_on(name: str) -> None:
    trained = {" ".join(words_of(plain(row["text"]))) for row in lines_of(name)}
    lines = {
        " ".join(words_of(plain(text))) for text, _ in judged(f"judged_{Path(name).stem}.jsonl")
    }
    assert not trained & lines


@pytest.mark.parametrize("name", NAMES)
def test_the_parameters_are_those_of_the_lines(name: str) -> None:
    trained, bundled = train(name), bundled_classifier(name)
    assert list(trained["features"]) == list(bundled.rows)
    assert tuple(trained["labels"]) == bundled.labels
    np.testing.assert_allclose(trained["weights"], bundled.weights, atol=0.02)
    np.testing.assert_allclose(trained["constants"], bundled.constants, atol=0.02)
