"""Entries that are far longer than the others, and parts of a page that are about the page."""

from pathlib import Path

import pytest

from index.sources.files import Reading, SourceFile
from index.sources.page_notes import is_navigation, is_note_heading, is_notice
from index.sources.registry import read_file
from tests.unit.index.sources.word_files import paragraph, run, word


def reading(name: str, content: str | bytes) -> Reading:
    data = content.encode() if isinstance(content, str) else content
    return read_file(SourceFile(Path(name), name, data), {})


WORDS = [f"Word{n:02}" for n in range(12)]
LONG = "It goes on and on here. " * 260
CHANGED = "\n\n".join(
    f"### {word}\n\nA thing of the port." + (f"\n\n{LONG}" if word == "Word05" else "")
    for word in WORDS
)


def test_an_entry_far_longer_than_the_others_is_reported_with_its_line() -> None:
    found = reading("glossary.md", f"# Glossary\n\n{CHANGED}\n")
    assert len(found.entries) == 12
    assert [(item.line, item.reason) for item in found.refused] == [
        (
            23,
            '"Word05" is read, but it is 313 times as long as the median of its file: probably the '
            "page changes its way of marking terms here",
        )
    ]


def test_the_cause_in_a_table_is_a_missing_quote() -> None:
    rows = "".join(f"{word};A thing.\n" for word in WORDS)
    found = reading("words.csv", f"term;definition\n{rows}Zebra;{LONG[:6000]}\n")
    (refusal,) = found.refused
    assert refusal.line == 14
    assert refusal.reason.endswith("probably a quote or a separator is missing here")


def test_text_and_word_files_are_checked_too() -> None:
    lines = [f"{word}: {LONG if word == 'Word05' else 'A thing of the port.'}" for word in WORDS]
    for name, content in {
        "words.txt": "\n".join(lines).encode(),
        "words.docx": word("".join(paragraph(run(line)) for line in lines)),
    }.items():
        (refusal,) = reading(name, content).refused
        assert "marking terms" in refusal.reason


def test_longer_entries_within_the_usual_range_and_small_files_are_not_reported() -> None:
    rows = "".join(f"{word};{'A thing. ' * (n + 1)}\n" for n, word in enumerate(WORDS))
    assert not reading("words.csv", f"term;definition\n{rows}").refused
    assert not reading("words.csv", f"term;definition\nA;B.\nC;D.\nE;{LONG[:6000]}\n").refused


MARKDOWN = """# Glossary

[A](#a) | [B](#b) | [C](#c) | [D](#d)

## Berth

A place where a ship lies.

[⬆ back to top](#glossary)

## Contributions

Contributions are welcome in this harbour, as the word for what ships pay.

## How to contribute

Open a pull request.

## Keel

The spine of a ship.

This glossary is licensed under CC BY 4.0.

Contributions are welcome!
"""


def test_navigation_licence_and_contributing_notes_are_no_part_of_entries() -> None:
    found = reading("glossary.md", MARKDOWN)
    assert [entry.term for entry in found.entries] == ["Berth", "Contributions", "Keel"]
    assert not [section for entry in found.entries for section in entry.sections]
    assert [(item.line, item.reason) for item in found.refused] == [
        (15, '"How to contribute" is a section, not a term'),
        (23, "is about the page, not a term: This glossary is licensed under CC BY 4.0."),
        (25, "is about the page, not a term: Contributions are welcome!"),
    ]


def test_notes_in_a_text_file_are_no_entries() -> None:
    lines = "\n\n".join(f"{word}: A thing of the port." for word in WORDS)
    text = f"A B C D E F G\n\n{lines}\n\nBack to top\n\nLicensed under CC BY: see the site.\n"
    found = reading("words.txt", text)
    assert [entry.term for entry in found.entries] == WORDS
    assert [item.reason for item in found.refused] == [
        "is about the page, not a term: Licensed under CC BY: see the site."
    ]


@pytest.mark.parametrize(
    ("text", "navigation", "notice"),
    [
        ("Back to top", True, False),
        ("↑ Return to the table of contents", True, False),
        ("A · B · C · D · E", True, False),
        ("Next page »", True, False),
        ("All text in this repository is available under CC0.", False, True),
        ("Copyright © 2026 The Port", False, True),
        ("Please open an issue if a word is missing.", False, True),
        ("To contribute, send a mail.", False, True),
        ("Next, the ship is moored.", False, False),
        ("The licence is a permit under the law.", False, False),
        ("A copyright is a right of an author.", False, False),
    ],
)
def test_a_note_about_the_page_is_recognized(text: str, navigation: bool, notice: bool) -> None:
    assert (is_navigation(text), is_notice(text)) == (navigation, notice)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("How to contribute", True),
        ("License and attribution", True),
        ("Code of Conduct", True),
        ("Copyright", False),
        ("Navigation", False),
        ("Contributing factor", False),
    ],
)
def test_a_heading_about_the_page_is_recognized(heading: str, expected: bool) -> None:
    assert is_note_heading(heading) is expected
