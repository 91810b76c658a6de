"""The intent of a line, and how a question depends on the conversation."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.answers.intents import (
    ContextDependence,
    dependence_of,
    insert_term,
    intent_of,
    is_pronoun,
    is_return,
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


@pytest.mark.parametrize(("question", "expected"), rows(__file__, "dependence"))
def test_context_dependence_is_recognized(question: str, expected: str) -> None:
    assert dependence_of(question) == expected


@pytest.mark.parametrize("line", rows(__file__, "returns"))
def test_a_return_to_an_earlier_topic_is_recognized(line: str) -> None:
    assert is_return(line)


@pytest.mark.parametrize("line", rows(__file__, "other lines with such words"))
def test_similar_words_are_not_taken_for_a_return(line: str) -> None:
    assert not is_return(line)


def test_pronouns_are_recognized() -> None:
    assert all(map(is_pronoun, ["", "it", "this one", "the two", "these two"]))
    assert not any(map(is_pronoun, ["RAG", "its older sister model", "the first"]))


@pytest.mark.parametrize(("question", "named"), rows(__file__, "pronouns"))
def test_a_pronoun_is_replaced_by_the_term(question: str, named: str) -> None:
    assert insert_term(question, "RAG") == named


@given(st.text())
def test_every_line_has_an_intent_and_a_context_dependence(line: str) -> None:
    assert intent_of(line).kind
    assert dependence_of(line or "x") in get_args(ContextDependence)
