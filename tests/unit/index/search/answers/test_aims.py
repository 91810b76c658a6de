"""What a question wants to know, and which questions an encyclopedia cannot answer."""

import pytest

from index.search.answers.aims import aim_of, lacks_external_fact
from tests.unit.index.tables import rows


@pytest.mark.parametrize(("question", "aim"), rows(__file__, "aims"))
def test_the_aim_of_a_question_is_recognized(question: str, aim: str) -> None:
    assert aim_of(question) == aim


@pytest.mark.parametrize("question", rows(__file__, "not for a name"))
def test_similar_wording_is_not_classified_as_a_question_for_a_name(question: str) -> None:
    assert aim_of(question) != "name"


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
