"""Pages and databases that were exported from Notion."""

from datetime import date
from pathlib import Path

import pytest

from index.entry import Entry
from index.sources.files import Reading, SourceFile
from index.sources.registry import read_file

ID = "1f2e3d4c5b6a79880123456789abcdef"
PAGE = """# Berth

Owner: Ana
Status: Approved
Tags: Quay, Harbour
Aliases: Mooring place, Dock
Last edited time: March 3, 2026 10:12 AM
Related: Bollard (Bollard%201f2e3d4c5b6a79880123456789abcdef.md)

A place where a ship lies.

It has a number.
"""


def reading(text: str, name: str = f"Berth {ID}.md") -> Reading:
    return read_file(SourceFile(Path(name), name, text.encode("utf-8-sig")), {})


def entry(text: str, name: str = f"Berth {ID}.md") -> Entry:
    (found,) = reading(text, name).entries
    return found


def test_the_properties_of_a_page_are_fields_and_not_its_definition() -> None:
    found = entry(PAGE)
    assert (found.term, found.definition) == ("Berth", "A place where a ship lies.")
    assert (found.category, found.aliases) == ("Quay", ("Mooring place", "Dock"))
    assert found.updated == date(2026, 3, 3)
    assert [related.term for related in found.related] == ["Bollard"]
    assert [section.text for section in found.sections] == ["It has a number."]


def test_a_page_without_a_title_is_named_after_its_file_without_the_id() -> None:
    assert entry("A place where a ship lies.").term == "Berth"


def test_a_draft_is_read_and_an_archived_page_is_not() -> None:
    assert entry(PAGE.replace("Approved", "Draft")).status == "Draft"
    (refusal,) = reading(PAGE.replace("Approved", "Archived")).refused
    assert refusal.reason == "is not published (its status is Archived)"


@pytest.mark.parametrize(
    "text",
    [
        "Note: it is a place for ships.",
        "Berth: a place for ships.\nIt has a number: always.",
        "Owner: Ana\nis the one who has it.",
    ],
)
def test_a_paragraph_with_colons_is_text(text: str) -> None:
    found = entry(f"# Berth\n\n{text}\n", "berth.md")
    assert found.definition == " ".join(text.split())


def test_a_property_may_hold_the_definition() -> None:
    text = "# Berth\n\nDefinition: A place where a ship lies.\nTags: Quay\n"
    assert entry(text).definition == "A place where a ship lies."


def test_lines_after_properties_keep_their_numbers() -> None:
    terms = "".join(f"## Word {n}\n\nA thing.\n\n" for n in range(3))
    found = reading(f"# Glossary\n\nOwner: Ana\nStatus: Approved\n\n{terms}## Bare\n", "g.md")
    assert [(item.line, item.reason) for item in found.refused] == [
        (18, '"Bare" has no definition')
    ]


def test_a_database_exported_as_csv_gives_its_entries() -> None:
    rows = (
        "Name,Definition,Related,Tags\n"
        "Berth,A place where a ship lies.,"
        f'"Bollard (https://www.notion.so/Bollard-{ID}?pvs=21), Keel (Keel%20{ID}.md)",Quay\n'
        "Keel,The spine of a ship.,,Hull\n"
    )
    berth, keel = reading(rows, f"Words {ID}_all.csv").entries
    assert (berth.term, berth.definition) == ("Berth", "A place where a ship lies.")
    assert [related.term for related in berth.related] == ["Bollard", "Keel"]
    assert (keel.term, keel.category) == ("Keel", "Hull")
