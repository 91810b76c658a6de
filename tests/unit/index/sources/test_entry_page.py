from pathlib import Path

import pytest

from index.entry import LONGEST_TEXT, Detail, Entry, Section
from index.errors import SourceError
from index.sources.entry_page import parse_page
from index.text import is_web_address
from tests.unit.index.tables import rows

FILE = Path("glossary/page.md")


def parse(text: str) -> Entry:
    return parse_page(text, FILE, "page")


def page(body: str = "A definition.", front: str = "term: Page") -> str:
    return f"---\n{front}\n---\n{body}\n"


def refused(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse(text)
    assert caught.value.path == FILE
    assert str(caught.value).startswith(str(FILE))
    return caught.value


def test_windows_line_endings_make_no_difference() -> None:
    text = page("A\ndefinition.\n\n## What it is\nA slider.\n\n## Example\n> Ten names.")
    assert parse(text.replace("\n", "\r\n")) == parse(text)


def test_control_characters_are_removed() -> None:
    entry = parse(page("De\x1bf.\n\n## S\x9bection\nTe\u202ext.", 'term: "Pa\\ege"'))
    assert (entry.term, entry.definition) == ("Page", "Def.")
    assert entry.sections == (Section("Section", "Text."),)


def test_owner_details_and_further_categories_are_in_the_front_matter() -> None:
    front = "term: Page\nowner: Ana\ndetails: {Region: EMEA, No: 1.10}\nmore categories: [Water]"
    entry = parse(page(front=front))
    assert (entry.owner, entry.more_categories) == ("Ana", ("Water",))
    assert entry.details == (Detail("Region", "EMEA"), Detail("No", "1.10"))


@pytest.mark.parametrize(("front", "reason"), rows(__file__, "front matter"))
def test_invalid_front_matter_is_refused(front: str, reason: str) -> None:
    assert reason in refused(page(front=front)).reason


# The body begins on line 4.
@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        *rows(__file__, "bodies"),
        pytest.param("D" * (LONGEST_TEXT + 1), 4, "20,001 characters", id="long definition"),
        pytest.param(
            "D.\n\n## S\n" + "x" * (LONGEST_TEXT + 1), 6, "20,001 characters", id="long section"
        ),
    ],
)
def test_an_invalid_body_is_refused_with_its_line(body: str, line: int, reason: str) -> None:
    error = refused(page(body))
    assert reason in error.reason
    assert error.line == line


@pytest.mark.parametrize(("address", "fine"), rows(__file__, "addresses"))
def test_only_safe_http_addresses_are_accepted(address: str, fine: bool) -> None:
    assert is_web_address(address) is fine
