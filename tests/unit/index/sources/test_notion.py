"""Pages and databases that were exported from Notion."""

from datetime import date
from pathlib import Path

import pytest

from index.entry import Entry
from index.sources.files import Reading, SourceFile
from index.sources.loader import read_sources
from index.sources.registry import read_file
from index.sources.source import Report, Source

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


def exported(folder: Path, files: dict[str, str]) -> Report:
    """Read an export with these files, in which # stands for the id of a page."""
    for name, text in files.items():
        file = folder / "export" / name.replace("#", ID)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return read_sources([Source("own", str(folder / "export"))], encyclopedia=False)


TABLE = (
    "Name,Definition,Owner,Tags,Region,Aliases\n"
    "Berth,A place where a ship lies.,Ana,Quay,EMEA,Mooring place\n"
    "Keel,The spine of a ship.,Bo,Hull,,\n"
    "Bilge,The lowest part of a ship.,Cy,Hull,,\n"
)
BERTH = (
    "# Berth\n\nDefinition: A place where a ship lies.\nTags: Quay, Harbour\nAliases: Dock\n\n"
    "It has a number, painted on the quay.\n"
)
KEEL = "# Keel\n\nThe keel is laid first, in a yard.\n"


@pytest.mark.parametrize("folder", ["Words #", "Words"])
def test_a_row_and_its_page_are_one_entry_with_the_text_and_the_properties(
    tmp_path: Path, folder: str
) -> None:
    report = exported(
        tmp_path,
        {
            "Words #.csv": TABLE,
            "Words #_all.csv": TABLE,
            f"{folder}/Berth #.md": BERTH,
            f"{folder}/Keel #.md": KEEL,
            f"{folder}/Bilge #.md": "# Bilge\n\nTags: Hull\n",
        },
    )
    entries = {entry.term: entry for entry in report.entries}
    assert len(report.entries) == len(entries) == 3
    assert not report.refused
    berth, keel = entries["Berth"], entries["Keel"]
    assert berth.definition == "A place where a ship lies."
    assert [part.text for part in berth.sections] == ["It has a number, painted on the quay."]
    assert (berth.owner, berth.categories) == ("Ana", ("Quay", "Harbour"))
    assert (berth.aliases, [one.value for one in berth.details]) == (
        ("Dock", "Mooring place"),
        ["EMEA"],
    )
    assert keel.definition == "The spine of a ship."
    assert [part.text for part in keel.sections] == ["The keel is laid first, in a yard."]
    assert keel.path.endswith(".md")
    assert entries["Bilge"].owner == "Cy"


def test_a_table_without_definitions_is_not_refused_beside_its_pages(tmp_path: Path) -> None:
    table = "Name,Tags\nBerth,Quay\nKeel,Hull\n"
    files = {"Words #.csv": table, "Words/Berth #.md": BERTH, "Words/Keel #.md": KEEL}
    report = exported(tmp_path / "both", files)
    assert ([entry.term for entry in report.entries], report.refused) == (["Berth", "Keel"], ())
    (refusal,) = exported(tmp_path / "alone", {"Words #.csv": table}).refused
    assert "no column" in refusal.reason


def test_a_table_and_pages_that_are_no_export_stay_apart(tmp_path: Path) -> None:
    files = {"Words.csv": TABLE, "Words/Berth.md": BERTH.replace("Definition: ", "")}
    terms = [entry.term for entry in exported(tmp_path, files).entries]
    assert terms.count("Berth") == 2
