"""What a question wants to know, and which questions an encyclopedia cannot answer."""

import pytest

from index.search.answers.aims import aim_of, described_in, lacks_external_fact, questions_in
from tests.unit.index.tables import rows


@pytest.mark.parametrize(("question", "aim"), rows(__file__, "aims"))
def test_the_aim_of_a_question_is_recognized(question: str, aim: str) -> None:
    assert aim_of(question) == aim


@pytest.mark.parametrize("question", rows(__file__, "not for a name"))
def test_similar_wording_is_not_classified_as_a_question_for_a_name(question: str) -> None:
    assert aim_of(question) != "name"


@pytest.mark.parametrize(("question", "description"), rows(__file__, "descriptions"))
def test_the_description_in_a_question_for_a_name_is_found(question: str, description: str) -> None:
    assert described_in(question) == description


@pytest.mark.parametrize(("message", "questions"), rows(__file__, "several questions"))
def test_a_message_is_divided_into_its_questions(message: str, questions: list[str]) -> None:
    assert questions_in(message) == list(questions)


@pytest.mark.parametrize("question", rows(__file__, "external facts"))
def test_questions_about_external_facts_are_recognized(question: str) -> None:
    assert lacks_external_fact(question, "A model writes text.")


@pytest.mark.parametrize("question", rows(__file__, "own organization"))
def test_questions_about_the_users_own_organization_are_recognized(question: str) -> None:
    assert lacks_external_fact(question, "A model writes text.")


@pytest.mark.parametrize("question", rows(__file__, "facts of the field"))
def test_questions_about_the_field_are_not_taken_for_others(question: str) -> None:
    assert not lacks_external_fact(question, "Cut it.")


@pytest.mark.parametrize(("question", "text"), rows(__file__, "facts in the text"))
def test_a_text_that_contains_the_requested_fact_is_accepted(question: str, text: str) -> None:
    assert not lacks_external_fact(question, text)
