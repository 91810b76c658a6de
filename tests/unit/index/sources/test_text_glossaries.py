"""Glossaries in plain text."""

from pathlib import Path

import pytest

from index.sources.files import Reading, SourceFile
from index.sources.registry import read_file
from index.sources.text_glossary import read_text_glossary

TERMS = {
    "Berth": "A place where a ship lies.",
    "Bollard": "A post: on the quay, for lines - of iron.",
    "Cargo manifest": "The list of what is loaded.",
    "Draught (in metres: usual)": "How deep the hull lies.",
    "Hawser": "A thick rope.",
    "Keel": "The spine of a ship.",
}


def reading(text: str, name: str = "words.txt") -> Reading:
    return read_file(SourceFile(Path(name), name, text.encode()), {})


def found(text: str) -> dict[str, str]:
    result = reading(text)
    assert not result.refused
    return {entry.term: entry.definition for entry in result.entries}


@pytest.mark.parametrize("between", [" - ", " – ", "— ", ": ", " : ", "\t", " = ", " -> ", "     "])
@pytest.mark.parametrize("bullet", ["", "- ", "* ", "• ", "1. "])
def test_each_line_gives_an_entry(between: str, bullet: str) -> None:
    lines = "".join(f"{bullet}{term}{between}{text}\n" for term, text in TERMS.items())
    assert found(f"Words of the harbour\n\nB\n{lines}") == TERMS


@pytest.mark.parametrize("between", [" - ", ": ", "\n", "\n\n", ":\n"])
def test_each_paragraph_gives_an_entry_with_all_its_lines(between: str) -> None:
    blocks = (f"{term}{between}{text}\nRule: it is\nlong.\n\n" for term, text in TERMS.items())
    assert found("Harbour glossary\n\n" + "".join(blocks)) == {
        term: f"{text} Rule: it is long." for term, text in TERMS.items()
    }


def test_indented_lines_continue_an_entry() -> None:
    text = "".join(f"{term} - {text}\n    Note - it is long.\n" for term, text in TERMS.items())
    assert found(text)["Hawser"] == "A thick rope. Note - it is long."


def test_lines_separated_by_tabs_with_a_header_are_a_table() -> None:
    (one, two) = reading(
        "Term\tArea\tDefinition\nBerth\tQuay\tA place.\nKeel\tHull\tA spine.\n"
    ).entries
    assert (one.term, one.category, two.definition) == ("Berth", "Quay", "A spine.")


def test_markdown_in_a_text_file_gives_its_entries() -> None:
    text = "# Harbour glossary\n\n" + "".join(f"## {t}\n\n{d}\n\n" for t, d in TERMS.items())
    assert found(text) == TERMS


ARTICLE = (
    "The berth\n\nA berth is a place where a ship lies in a port.\n\nOverview\n\nIt is long and "
    "has a number at the quay.\n\nWho pays\n\nThe owner pays for the time and the place.\n"
)
MEMO = "To: Ana\nFrom: Bo\nSubject: Berth\nDate: 2026-01-02\nPlace: Quay\nA berth is a place.\n"
FORM = "Term: Berth\nDefinition: A place for ships.\nCategory: Quay\nStatus: old\nOwner: Ana\n"


ORIGIN = (
    "Name: The glossary of the port\nRepository: https://example.org/port\nPath: data/terms.json\n"
    "Commit: 5437cfb\nLicence: MIT\nEntries: 168, all of the file\nChanges: tags were removed\n"
)
OTHERS = {"article": ARTICLE, "memo": MEMO, "form": FORM, "origin": ORIGIN}


@pytest.mark.parametrize("text", OTHERS.values(), ids=list(OTHERS))
def test_another_text_with_colons_or_short_lines_is_no_glossary(text: str) -> None:
    assert read_text_glossary(SourceFile(Path("a.txt"), "a.txt", text.encode())) is None


def test_a_paragraph_that_belongs_to_no_term_is_reported() -> None:
    lines = "\n".join(f"{term} - {text}" for term, text in TERMS.items())
    result = reading(f"{lines}\n\nThis list was written by the people of the port.\n")
    assert [(item.line, item.reason) for item in result.refused] == [
        (8, "belongs to no term: This list was written by the people of the port.")
    ]


def test_a_page_of_700_lines_gives_700_entries() -> None:
    lines = "".join(f"Word {n} - The meaning of it.\n" for n in range(700))
    assert len(reading(lines).entries) == 700
