"""Fields as text are read as they were written, and as people write them."""

from __future__ import annotations

import itertools

import pytest

from index.editing.fields import Fields
from index.editing.forms import fields_from, questions_from, related_from, text_of
from index.entry import Question, Related

TEXTS = (
    "a dock",
    "why: because",
    "Q: a question in it",
    "a. first of a list\nb. second",
    "first\nQ: second\n  A: third",
    "ends with a colon:",
    "ISO 8601:2004",
    "two lines\n\nand a third",
    "is it? yes.\nanswer: it is",
    "line\n\\Q: with a backslash\n\\\\A: and two",
)


@pytest.mark.parametrize("answer", TEXTS)
def test_questions_are_read_as_they_were_written(answer: str) -> None:
    fields = Fields(questions=(Question("who: and when?", answer), Question("when?", "at dawn")))
    assert fields_from({"questions": text_of(fields, "questions")}) == fields


TERMS = [text for text in TEXTS if "\n" not in text and "\\" not in text]


@pytest.mark.parametrize(("term", "why"), list(itertools.product(TERMS, [*TERMS, ""])))
def test_related_terms_are_read_as_they_were_written(term: str, why: str) -> None:
    fields = Fields(related=(Related(term, why), Related("Dock", "x")))
    assert fields_from({"related": text_of(fields, "related")}) == fields


@pytest.mark.parametrize(
    ("text", "related"),
    [
        ("Quay: ships are tied to it", (Related("Quay", "ships are tied to it"),)),
        ("- Quay", (Related("Quay", ""),)),
        ("Quay :  why \n\n Dock: what", (Related("Quay", "why"), Related("Dock", "what"))),
        ("", ()),
    ],
)
def test_related_terms_are_one_a_line(text: str, related: tuple[Related, ...]) -> None:
    assert related_from(text) == related


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("q: who?\nanswer: the crew", (Question("who?", "the crew"),)),
        ("Q: who?\nA: the crew\nand more", (Question("who?", "the crew\nand more"),)),
        ("who?\nthe crew\n\nwhen?", (Question("who?", "the crew"), Question("when?", ""))),
        ("", ()),
    ],
)
def test_questions_are_marked_or_paragraphs(text: str, questions: tuple[Question, ...]) -> None:
    assert questions_from(text) == questions
