"""The intent of a line, its questions, and whether it refers to the conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.answers.intents import (
    insert_term,
    intent_of,
    is_pronoun,
    questions_in,
    refers_back,
)
from tests.unit.index.tables import rows


@pytest.mark.parametrize(("line", "expected"), rows(__file__, "intents"))
def test_the_intent_of_a_line_is_recognized(line: str, expected: str) -> None:
    found = intent_of(line)
    assert ": ".join(filter(None, (found.kind, found.subject))) == expected


@pytest.mark.parametrize("line", rows(__file__, "questions"))
def test_a_line_that_matches_no_pattern_is_classified_as_a_question(line: str) -> None:
    found = intent_of(line)
    assert (found.kind, found.subject) == ("question", line)


@pytest.mark.parametrize(("question", "refers"), rows(__file__, "references"))
def test_a_reference_to_the_conversation_is_recognized(question: str, refers: bool) -> None:
    assert refers_back(question) == refers


@pytest.mark.parametrize(("message", "questions"), rows(__file__, "several questions"))
def test_a_message_is_divided_into_its_questions(message: str, questions: list[str]) -> None:
    assert questions_in(message) == list(questions)


def test_pronouns_are_recognized() -> None:
    assert all(map(is_pronoun, ["", "it", "this one", "the two", "these two"]))
    assert not any(map(is_pronoun, ["RAG", "its older sister model", "the first"]))


@pytest.mark.parametrize(("question", "named"), rows(__file__, "pronouns"))
def test_a_pronoun_is_replaced_by_the_term(question: str, named: str) -> None:
    assert insert_term(question, "RAG") == named


@given(st.text())
def test_every_line_has_an_intent(line: str) -> None:
    assert intent_of(line).kind
    assert refers_back(line) in (True, False)
    assert all(part in " ".join(line.split()) for part in questions_in(line) if line.isascii())
