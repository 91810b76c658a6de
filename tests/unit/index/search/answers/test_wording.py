"""The questions in a message, what they describe, and whether they ask for a number."""

import pytest

from index.search.answers.wording import asks_number, described_in, is_statement, questions_in
from tests.unit.index.tables import rows


@pytest.mark.parametrize(("question", "description"), rows(__file__, "descriptions"))
def test_the_description_in_a_question_for_a_name_is_found(question: str, description: str) -> None:
    assert described_in(question) == description


@pytest.mark.parametrize(("message", "questions"), rows(__file__, "several questions"))
def test_a_message_is_divided_into_its_questions(message: str, questions: list[str]) -> None:
    assert questions_in(message) == list(questions)


@pytest.mark.parametrize(("message", "asks"), rows(__file__, "for a number"))
def test_a_question_for_a_number_is_recognized(message: str, asks: bool) -> None:
    assert asks_number(message) == asks


@pytest.mark.parametrize(("message", "states"), rows(__file__, "statements"))
def test_a_statement_is_recognized(message: str, states: bool) -> None:
    assert is_statement(message) == states
