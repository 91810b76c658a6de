"""Real glossaries import cleanly, where their data is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.entry import Entry, passages_of
from index.sources.reading import read_sources
from index.sources.source import Source, SourceReport

DATA = Path(
    os.environ.get("NEARSAY_TEST_DATA", Path(__file__).parents[3].parent / "shared" / "data")
)
SYNTAX = ("{{", "}}", "{%", "<!--", "](", "</", "&amp;", "&lt;")

pytestmark = pytest.mark.skipif(
    not (DATA / "glossaries").is_dir(),
    reason="no glossaries to read; name their folder with NEARSAY_TEST_DATA",
)


def read(name: str) -> tuple[list[Entry], SourceReport]:
    report = read_sources([Source(name, str(DATA / "glossaries" / name))])
    return [entry for entry in report.entries if entry.source == name], report.sources[1]


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("cncf", 75, 86),
        ("kubernetes", 139, 139),
        ("finos-ai", 135, 155),
        ("ai-yaml", 109, 109),
        ("va-acronyms", 4_800, 5_000),
    ],
)
def test_a_glossary_gives_its_entries_without_a_trace_of_syntax(
    name: str, least: int, most: int
) -> None:
    entries, report = read(name)
    assert least <= len(entries) <= most
    assert report.files == len({entry.path for entry in entries}) + sum(
        item.line is None for item in report.refused
    )
    for entry in entries:
        for text in (entry.term, *entry.aliases, *(p.text for p in passages_of(entry))):
            assert not any(sign in text for sign in SYNTAX), (entry.id, text)


def test_files_that_are_no_entries_are_skipped_with_their_reason() -> None:
    reasons = {Path(item.path).name: item.reason for item in read("cncf")[1].refused}
    assert "index page" in reasons["_index.md"]
    assert "template" in reasons["_TEMPLATE.md"]


def test_kubernetes_keeps_other_names_and_short_descriptions() -> None:
    entries, _ = read("kubernetes")
    assert sum(bool(entry.aliases) for entry in entries) >= 15
    assert all(entry.definition for entry in entries)


def test_every_meaning_of_an_acronym_is_kept() -> None:
    entries, report = read("va-acronyms")
    assert report.senses + report.merged + len(report.refused) == 5_793
    assert sum(len(entry.senses) > 1 for entry in entries) >= 655


def test_records_keep_their_aliases() -> None:
    entries, _ = read("ai-yaml")
    assert all(entry.aliases for entry in entries)
