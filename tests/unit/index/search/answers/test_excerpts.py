"""Excerpts of answers."""

from index.search.answers.excerpts import Excerpt


def test_an_answer_to_a_different_question_is_shown_with_that_question() -> None:
    answer = Excerpt("Is it safe?", "Yes.", 0.6, question="Is it safe?")
    assert answer.shown == "Is it safe?\nYes."
    asked = Excerpt("Is it safe?", "Yes.", 0.9, question="Is it safe?", is_asked=True)
    assert asked.shown == "Yes."
