"""Form fields as plain text and back."""

import itertools

import pytest

from index.editing.plaintext import parse_aliases, parse_draft, parse_questions, text_of
from index.entry import Question, Related
from index.entry_draft import NAMES, EntryDraft, FieldName

FULL = EntryDraft(
    "Keel",
    ("backbone", "carina"),
    "Ships",
    "The lowest timber of a ship.",
    "The keel of a brig.\n\nIt was oak.",
    (Related("Hull", "what stands on it"), Related("Oak", "its wood", outside=True)),
    (Question("What is it for?", "It holds\nthe frames."), Question("Of what?", "Of oak.")),
    "Yard",
)


def texts(fields: EntryDraft) -> dict[FieldName, str]:
    return {name: text_of(fields, name) for name in NAMES}


@pytest.mark.parametrize(
    "fields", [FULL, EntryDraft(), EntryDraft("A", related=(Related("B", ""),))]
)
def test_a_form_is_unchanged_after_a_round_trip_to_plain_text(fields: EntryDraft) -> None:
    given = texts(fields)
    if fields.owner is None:
        del given["owner"]
    assert parse_draft(given) == fields
    assert EntryDraft.from_json(fields.to_json()) == fields


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a, b;c", ("a", "b", "c")),
        ("a, b\nc", ("a, b", "c")),
        (" a ,, a,\u200b ", ("a",)),
        ("", ()),
    ],
)
def test_aliases_are_separated_by_commas_or_lines(text: str, names: tuple[str, ...]) -> None:
    assert parse_aliases(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Q: Why?\nA: So.\nAnd so.\n\nQ: How?\nA: Thus.",
        "question: Why?\nANSWER: So.\nAnd so.\nq: How?\na: Thus.",
        "Why?\nSo.\nAnd so.\n\nHow?\nThus.",
    ],
)
def test_questions_are_parsed_with_or_without_marks(text: str) -> None:
    assert parse_questions(text) == (Question("Why?", "So.\nAnd so."), Question("How?", "Thus."))


def test_consecutive_questions_share_the_answer() -> None:
    other = Question("what for", "So.", reworded=True)
    asked = (Question("Why?", "So."), other, Question("When?", "At noon."))
    text = "Q: Why?\nQ: what for\nA: So.\n\nQ: When?\nA: At noon."
    assert text_of(EntryDraft(questions=asked), "questions") == text
    assert parse_questions(text) == asked
    assert parse_questions("Why,\nafter all?\nQ: When?\nA: Now.") == (
        Question("Why, after all?", "Now."),
        Question("When?", "Now.", reworded=True),
    )


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
def test_questions_are_unchanged_after_a_round_trip(answer: str) -> None:
    fields = EntryDraft(
        questions=(Question("who: and when?", answer), Question("when?", "at dawn"))
    )
    assert parse_draft({"questions": text_of(fields, "questions")}) == fields


TERMS = [text for text in TEXTS if "\n" not in text and "\\" not in text]


@pytest.mark.parametrize(("term", "why"), list(itertools.product(TERMS, [*TERMS, ""])))
def test_related_terms_are_unchanged_after_a_round_trip(term: str, why: str) -> None:
    fields = EntryDraft(related=(Related(term, why), Related("Dock", "x")))
    assert parse_draft({"related": text_of(fields, "related")}) == fields
