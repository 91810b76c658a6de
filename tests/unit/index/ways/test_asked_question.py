"""Making a way to ask from a question."""

from dataclasses import replace

import pytest

from index.entry import LONGEST_PHRASE, Section
from index.ways.asked_question import way_of_question
from tests.support.entries import harbour

ANCHOR = replace(harbour()[0], sections=(Section("How it holds", "By its weight."),))


@pytest.mark.parametrize(
    ("question", "way"),
    [
        ("what keeps a boat in place?", "what keeps a boat in place?"),
        (' "what\nkeeps\u200b a boat  in place" ', "what keeps a boat in place"),
    ],
)
def test_question_is_cleaned_like_any_way(question: str, way: str) -> None:
    assert way_of_question(question, ANCHOR) == way


@pytest.mark.parametrize(
    "question",
    [
        ANCHOR.term,
        "how it holds?",
        "ballast",
        f"{ANCHOR.id}#definition",
        "what keeps https://boats.example in place",
        "what keeps <@U012ABCDEF> in place",
        "what keeps @ben in place",
        "what keeps ben@boats.example in place",
        "what keeps <#C012ABCDEF> in place",
        "who has the number +44 20 7946-0958 of the anchor",
        "what keeps a boat " * LONGEST_PHRASE,
    ],
)
def test_question_that_is_no_way_is_none(question: str) -> None:
    assert way_of_question(question, ANCHOR) == ""
