"""What kind of text answers a question, and which questions no entry can answer."""

from __future__ import annotations

import pytest

from index.space.aims import Aim, aim_of, is_elsewhere

AIMS: dict[str, Aim] = {
    "what's the trick of showing a few examples called": "name",
    "What is it called when a model makes things up?": "name",
    "what is the word for a model that makes facts up?": "name",
    "whats the name of the thing where the model calls functions": "name",
    "Is there a term for hiding orders in a web page?": "name",
    "I forgot the word for cutting a text into pieces.": "name",
    "how do you call the pieces of a word that a model reads?": "name",
    "What do people call it when old messages drop out?": "name",
    "Two samples and then the new question, how is this named?": "name",
    "why does it make things up?": "cause",
    "how do I stop that?": "steps",
    "how does it work with images?": "fact",
    "how many examples should I give?": "number",
    "can it be prevented?": "fact",
    "a model that reads pictures": "description",
}


@pytest.mark.parametrize("question", AIMS)
def test_a_question_wants_one_kind_of_text(question: str) -> None:
    assert aim_of(question) == AIMS[question]


@pytest.mark.parametrize(
    "question",
    [
        "why is it called temperature?",
        "What is a token?",
        "what does RAG stand for",
        "How many words of my document fit?",
        "which functions are called first?",
        "how is a function called by the model?",
        "How does it know which tool is to be called in my program?",
        "Should I name the audience in the prompt?",
        "the difference between a term and a token",
        "",
    ],
)
def test_who_names_it_does_not_ask_for_its_name(question: str) -> None:
    assert aim_of(question) != "name"


@pytest.mark.parametrize(
    "question",
    [
        "what is the price of an API?",
        "who founded the company?",
        "when will the next model be released?",
        "recommend a good course",
        "which model should we buy?",
        "is it safe to send customer data to them?",
        "who decides this in our company?",
    ],
)
def test_what_only_another_place_knows(question: str) -> None:
    assert is_elsewhere(question, "A model writes text.")


def test_a_text_that_tells_it_answers_all_the_same() -> None:
    assert not is_elsewhere("what is the price?", "It costs $3 for a million tokens.")
    assert not is_elsewhere("who invented it?", "It was introduced by Google in 2017.")
    assert not is_elsewhere("when was it invented?", "It was introduced in 2017.")
    assert not is_elsewhere("how much overlap do chunks need?", "A sentence or two.")
