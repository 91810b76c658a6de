"""Markdown glossaries of both kinds, through the reader that a file is given to."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.entry import Entry, passages_of
from index.errors import SourceError
from index.sources.files import Reading, load
from index.sources.readers import read_file


def read(tmp_path: Path, text: str, name: str = "page.md") -> Reading:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return read_file(load(file, tmp_path), {})


def refusals(tmp_path: Path, text: str, name: str = "page.md") -> list[str]:
    """Why a file gives no entry; empty when it gives one."""
    try:
        reading = read(tmp_path, text, name)
    except SourceError as error:
        return [error.reason]
    return [] if reading.entries else [item.reason for item in reading.refused]


def only(reading: Reading) -> Entry:
    (entry,) = reading.entries
    return entry


HUGO = """---
title: Sea Lock
aka:
- ship lock
short_description: >
  A chamber with gates that lifts ships between two levels of water.
tags: [harbour]
---
A **sea lock** joins the [tide](/tide.md) and the dock.
<!--more-->
See {{< glossary_tooltip text="the gate" term_id="gate" >}} and {{macro("Gate", "its gate")}}.

## How it works

Water runs in, {% include note.html %}and the ship rises.[^1]

[^1]: Slowly.
"""


def test_front_matter_gives_term_aliases_and_definition(tmp_path: Path) -> None:
    entry = only(read(tmp_path, HUGO))
    assert entry.term == "Sea Lock"
    assert entry.aliases == ("ship lock",)
    assert entry.definition.startswith("A chamber with gates")
    assert "How it works" in [section.heading for section in entry.sections]


def test_nothing_of_the_markup_is_left(tmp_path: Path) -> None:
    for passage in passages_of(only(read(tmp_path, HUGO))):
        for sign in ("{{", "}}", "{%", "<!--", "](", "**", "[^"):
            assert sign not in passage.text
    shown = " ".join(section.text for section in only(read(tmp_path, HUGO)).sections)
    assert "the gate" in shown
    assert "its gate" in shown


TERMS = {
    "Bollard": "A post for ropes.",
    "Fender": "A cushion for hulls.",
    "Ladder": "Steps down to the water.",
    "Slipway": "A slope into the water for boats.",
    "Windlass": "A drum that winds a chain.",
}


@pytest.mark.parametrize(
    ("before", "form"),
    [
        ("# Harbour glossary\n\n", "## {0}\n\n{1}\n\n"),
        ("# Harbour glossary\n\n", "**{0}**: {1}\n\n"),
        ("# Harbour glossary\n\n", "- **{0}** - {1}\n"),
        ("# Harbour glossary\n\n", "{0}\n: {1}\n\n"),
        ("| Term | Definition |\n| --- | --- |\n", "| {0} | {1} |\n"),
    ],
    ids=["headings", "bold", "list", "definition list", "table"],
)
def test_a_page_of_many_terms_gives_an_entry_for_each(
    tmp_path: Path, before: str, form: str
) -> None:
    text = before + "".join(form.format(*item) for item in TERMS.items())
    entries = read(tmp_path, text, "glossary.md").entries
    assert {entry.term: entry.definition for entry in entries} == TERMS


@pytest.mark.parametrize("name", ["_index.md", "README.md"])
def test_pages_that_are_no_entries_are_refused_with_a_reason(tmp_path: Path, name: str) -> None:
    assert refusals(tmp_path, "---\ntitle: Harbour\n---\nAll about it.\n", name)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: !!python/object/apply:os.system [echo]\n---\nText of it.\n",
        "---\na: &a [x]\nb: [*a, *a]\ntitle: T\n---\nText of it.\n",
        "---\ntitle: " + "[" * 5_000 + "]" * 5_000 + "\n---\nText of it.\n",
    ],
    ids=["tag", "anchor", "nesting"],
)
def test_hostile_front_matter_is_refused(tmp_path: Path, text: str) -> None:
    assert refusals(tmp_path, text)


def test_a_kind_of_file_that_is_not_read_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not read") as caught:
        read(tmp_path, "x", "page.docx")
    assert ".csv" in caught.value.hint
