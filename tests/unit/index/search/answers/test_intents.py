"""The intent of a line, and how a question depends on the conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.answers.intents import (
    Aim,
    ContextDependence,
    Intent,
    aim_of,
    dependence_of,
    insert_term,
    intent_of,
    is_pronoun,
    is_user_specific,
    lacks_external_fact,
)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("why 3?", Intent("numbered", "3")),
        ("closer to the second", Intent("numbered", "second")),
        ("tell me more about number 12", Intent("numbered", "12")),
        ("without hallucination", Intent("without", "hallucination")),
        ("more", Intent("more")),
        ("OK, tell me more about it please", Intent("more")),
        ("in simpler words", Intent("simpler")),
        ("I don’t understand that", Intent("simpler")),
        ("example?", Intent("example")),
        ("and an example of RAG?", Intent("example", "RAG")),
        ("difference between RAG and fine-tuning", Intent("difference")),
        ("compare A with B", Intent("difference")),
        ("is it the same as jailbreaking?", Intent("difference")),
        ("what does RAG stand for?", Intent("expansion", "RAG")),
        ("how does attention actually work?", Intent("workings", "attention")),
        ("why does temperature matter?", Intent("importance", "temperature")),
        ("why?", Intent("why")),
        ("list all prompting techniques", Intent("list", "all prompting techniques")),
        ("Which entries are about retrieval?", Intent("list", "about retrieval")),
        ("hello, what does RAG stand for?", Intent("expansion", "RAG")),
        ("ok, RAG vs fine-tuning", Intent("difference")),
        ("and the other one?", Intent("other")),
        ("can you show me one?", Intent("example")),
        ("Thank you so much!", Intent("courtesy")),
    ],
)
def test_the_intent_of_a_line_is_recognized(line: str, asked: Intent) -> None:
    assert intent_of(line) == asked


@pytest.mark.parametrize(
    "line",
    [
        "why does the model make things up?",
        "what happens without a system prompt when it is long?",
        "is more data better than a larger model?",
        "",
        "???",
    ],
)
def test_a_line_that_matches_no_pattern_is_classified_as_a_question(line: str) -> None:
    assert intent_of(line) == Intent("question", line)


@pytest.mark.parametrize(
    ("question", "lean"),
    [
        ("can it be prevented?", "refers"),
        ("do I need one for a small chatbot?", "refers"),
        ("and for code?", "short"),
        (
            "is it true that a large model with a long context window forgets instructions?",
            "standalone",
        ),
        ("how do I cut long documents into pieces for search", "standalone"),
        ("What’s it called when the model makes things up?", "standalone"),
        ("what do you call it if a prompt breaks the rules", "standalone"),
        ("what is it called when its answers are made up?", "refers"),
        ("what is it called in German?", "refers"),
        ("should I use it when there are few examples?", "refers"),
    ],
)
def test_context_dependence_is_recognized(question: str, lean: ContextDependence) -> None:
    assert dependence_of(question) == lean


def test_pronouns_are_recognized() -> None:
    assert all(map(is_pronoun, ["", "it", "this one", "the two", "these two"]))
    assert not any(map(is_pronoun, ["RAG", "its older sister model", "the first"]))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("can it be prevented?", "can RAG be prevented?"),
        ("do I need one?", "do I need RAG?"),
        ("how much overlap?", "RAG: how much overlap?"),
    ],
)
def test_a_pronoun_is_replaced_by_the_term(question: str, named: str) -> None:
    assert insert_term(question, "RAG") == named


@given(st.text())
def test_every_line_has_an_intent_and_a_context_dependence(line: str) -> None:
    assert intent_of(line).kind
    assert dependence_of(line or "x") in ("refers", "short", "standalone")


AIMS: dict[str, Aim] = {
    "what's the trick of showing a few examples called": "name",
    "What is it called when a model makes things up?": "name",
    "what is the word for a model that makes facts up?": "name",
    "Is there a term for hiding orders in a web page?": "name",
    "I forgot the word for cutting a text into pieces.": "name",
    "how do you call the pieces of a word that a model reads?": "name",
    "Two samples and then the new question, how is this named?": "name",
    "why does it make things up?": "cause",
    "how do I stop that?": "steps",
    "how does it work with images?": "cause",
    "how many examples should I give?": "number",
    "can it be prevented?": "fact",
    "how do I know, and what helps?": "steps",
    "what is that model which reads pictures": "definition",
    "what does it mean that a model is open": "definition",
    "a model that reads pictures": "definition",
}


@pytest.mark.parametrize("question", AIMS)
def test_the_aim_of_a_question_is_recognized(question: str) -> None:
    assert aim_of(question) == AIMS[question]


@pytest.mark.parametrize(
    "question",
    [
        "why is it called temperature?",
        "What is a token?",
        "which functions are called first?",
        "how is a function called by the model?",
        "How does it know which tool is to be called in my program?",
        "Should I name the audience in the prompt?",
    ],
)
def test_similar_wording_is_not_classified_as_a_question_for_a_name(question: str) -> None:
    assert aim_of(question) != "name"


@pytest.mark.parametrize(
    "question",
    [
        "what is the price of an API?",
        "when will the next model be released?",
        "recommend a good course",
        "which model should we buy?",
        "is it safe to send customer data to them?",
        "who decides this in our company?",
    ],
)
def test_questions_about_external_facts_are_recognized(question: str) -> None:
    assert lacks_external_fact(question, "A model writes text.")


@pytest.mark.parametrize(
    "question",
    [
        "which version is live at the moment?",
        "what did our bot cost in May?",
        "where in our repository is the size set?",
    ],
)
def test_questions_about_the_users_own_organization_are_recognized(question: str) -> None:
    assert is_user_specific(question)
    assert not is_user_specific("how do I cut our manual into passages?")


def test_a_text_that_contains_the_requested_fact_is_accepted() -> None:
    assert not lacks_external_fact("what is the price?", "It costs $3 for a million tokens.")
    assert not lacks_external_fact("who invented it?", "It was introduced by Google in 2017.")
    assert not lacks_external_fact("when was it invented?", "It was introduced in 2017.")
    assert not lacks_external_fact("how much overlap do chunks need?", "A sentence or two.")
