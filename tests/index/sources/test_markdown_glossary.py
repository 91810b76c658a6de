from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.entry import Entry
from index.errors import SourceError
from index.sources.files import Reading, SourceFile, load
from index.sources.markdown_glossary import MOST_LINES, read_markdown

DATA = (
    Path(
        os.environ.get("NEARSAY_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data")
    )
    / "glossaries"
)
SYNTAX = re.compile(
    r"\{\{|\}\}|\{%|<!--|\]\(|!\[|\[\^|\*\*|&#?\w+;|^#+ |^---|:::|^\|", re.MULTILINE
)


def read(text: str, name: str = "terms/loom.md") -> Reading:
    return read_markdown(SourceFile(Path("/glossary") / name, name, text.encode()))


def only(text: str, name: str = "terms/loom.md") -> Entry:
    reading = read(text, name)
    assert not reading.refused
    (entry,) = reading.entries
    return entry


def texts(entry: Entry) -> Iterator[str]:
    yield from (entry.term, entry.definition, entry.example, entry.category, *entry.aliases)
    for section in entry.sections:
        yield from (section.heading, section.text)
    for item in entry.related:
        yield from (item.term, item.why)
    yield from (reference.text for reference in entry.references)


HUGO = """---
title: Optical Thread Counter (OTC)
short_description: >
  Counts {{< tooltip text="threads" term_id="thread" >}} with *light*.
aka:
- pick glass
tags: ["", machine-part]
full_link: https://loom.example/otc
date: 2024-05-06
license: CC0
---
Counts threads with light.

<!--more-->
{{% note %}}
It is [small](/x/).
{{% /note %}}

## Use
![picture](x.png)
Hold it to `cloth`.
"""


def test_a_file_with_front_matter_is_one_entry() -> None:
    entry = only(HUGO)
    assert (entry.id, entry.term) == ("optical-thread-counter", "Optical Thread Counter")
    assert entry.aliases == ("OTC", "pick glass")
    assert entry.definition == "Counts threads with light."
    assert entry.category == "Machine part"
    assert (entry.url, entry.updated) == ("https://loom.example/otc", date(2024, 5, 6))
    assert [(section.heading, section.text) for section in entry.sections] == [
        ("More", "It is small."),
        ("Use", "picture Hold it to cloth."),
    ]
    assert read(HUGO).licence == "CC0"
    assert entry.source == ""


def test_toml_front_matter_and_addresses_that_are_no_names() -> None:
    entry = only(
        "+++\ntitle = 'Warp'\naliases = ['/old/warp', 'long threads']\ndate = 2024-01-02\n"
        "url = '/warp/'\n[extra]\nacronym = 'WRP'\n+++\nThe threads that run along.\n"
    )
    assert entry.aliases == ("long threads", "WRP")
    assert (entry.updated, entry.url) == (date(2024, 1, 2), None)


def test_the_term_is_the_first_heading_or_the_name_of_file_or_folder() -> None:
    assert only("# The *Loom*\n\nA machine.").term == "The Loom"
    assert only("A machine.", "terms/power-loom.md").term == "Power loom"
    assert only("A machine.", "terms/power_loom/index.md").term == "Power loom"


def test_macros_of_a_documentation_site_show_their_text() -> None:
    entry = only(
        "---\ntitle: Warp\npage-type: glossary-definition\n---\n{{Sidebar}}\n\n"
        'The **warp** holds the {{Glossary("Weft", "weft threads")}}.\n\n{{Compat}}\n',
        "warp/index.md",
    )
    assert entry.definition == "The warp holds the weft threads."
    assert not entry.sections


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("_index.md", "# Terms\n\n## A\nb\n\n## B\nc", "index page"),
        ("index.md", "---\ntitle: Terms\nlayout: glossary\n---\n", "index page"),
        ("index.md", "---\ntitle: Home\n---\nWelcome.", "index page"),
        ("README.md", "# Our project\n\nWelcome.", "read-me"),
        ("_TEMPLATE.md", "x", "template"),
        ("style-guide.md", "x", "style guide"),
        ("CONTRIBUTING.md", "x", "contribute"),
        ("loom.md", "---\ntitle: Loom\ndraft: true\n---\nx", "draft"),
        ("loom.md", "---\ntitle: Loom\nstatus: Draft\n---\nx", "draft"),
        ("loom.md", "---\ntitle: Loom\npage-type: x-disambiguation\n---\nx", "other pages"),
        ("loom.md", "---\ntitle: Loom\n---\n{{< part >}}\n", "has no definition"),
        ("loom.md", "---\ntitle: Loom\n---\nSee [Warp](w).\n", 'points to "Warp"'),
    ],
)
def test_what_is_no_entry_is_refused(name: str, text: str, reason: str) -> None:
    reading = read(text, name)
    assert not reading.entries
    (refusal,) = reading.refused
    assert reason in refusal.reason
    assert refusal.path == f"/glossary/{name}"


def test_a_page_about_one_term_stays_one_entry() -> None:
    page = "# Loom\n\nA machine.\n\n## What it is\n\nx\n\n## How it works\n\n- **Warp**: y\n"
    assert [section.heading for section in only(page).sections] == ["What it is", "How it works"]


def test_a_read_me_that_is_a_glossary_is_read() -> None:
    page = "# Weaving glossary\n\n" + "".join(f"- **Part {n}**: text {n}\n" for n in "abcde")
    assert len(read(page, "README.md").entries) == 5
    assert not read(page.replace("glossary", "tool"), "README.md").entries


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: !!python/object:os.system x\n---\ny",
        "---\ntitle: &a x\nterm: *a\n---\ny",
        "---\na: " + "[" * 30_000 + "\n---\ny",
        "+++\na = " + "[" * 30_000 + "\n+++\ny",
        "+++\na = \n+++\ny",
        "a\n" * (MOST_LINES + 1),
        "a" * 1_000_001,
        "|a" * 50_001,
        "[" * 20_000 + "\n\n" + "![" * 10_000 + "\n\n" + "[" * 20_000,
        "---\ntitle: x\ndescription: " + "[" * 24_000 + "\n---\ny",
        "   ",
    ],
    ids=range(11),
)
def test_hostile_files_are_refused_in_time(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(SourceError):
        read(text, "glossary.md")
    assert time.perf_counter() - start < 10


def test_deep_nesting_is_no_error() -> None:
    for mark in ("> ", "- ", "1. "):
        read("# Glossary\n\n" + mark * 5_000 + "x\n", "glossary.md")
    read("".join("  " * depth + "- a\n" for depth in range(900)), "glossary.md")


def test_characters_that_hide_or_reorder_are_gone() -> None:
    entry = only("---\ntitle: Lo\u202eom\n---\nA\u200b mach\u2066ine.\x1b[31m")
    assert (entry.term, entry.definition) == ("Loom", "A machine.[31m")


@pytest.mark.parametrize(
    ("glossary", "entries", "refused"),
    [("cncf", 81, 11), ("kubernetes", 139, 1), ("finos-ai", 140, 0)],
)
def test_the_shared_glossaries_are_read_whole(glossary: str, entries: int, refused: int) -> None:
    root = DATA / glossary
    if not root.is_dir():
        pytest.skip(f"no shared data at {root}; set NEARSAY_TEST_DATA to its folder")
    readings = [read_markdown(load(path, root)) for path in sorted(root.rglob("*.md"))]
    found = [entry for reading in readings for entry in reading.entries]
    assert len(found) == entries
    assert sum(len(reading.refused) for reading in readings) == refused
    wrong = [text for entry in found for text in texts(entry) if SYNTAX.search(text)]
    assert not wrong
