"""Real glossaries import cleanly, if their data is present."""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from index.entry import Entry, passages_of
from index.sources.loader import read_sources
from index.sources.source import Source, SourceReport

DATA = Path(
    os.environ.get("NEARSAY_TEST_DATA", Path(__file__).parents[4].parent / "shared" / "data")
)
GLOSSARIES = DATA / "glossaries"
SYNTAX = re.compile(
    r"\{\{|\}\}|\{%|<!--|\]\(|!\[|\[\^|\*\*|</|&#?\w+;|^#+ |^---|:::|^\|", re.MULTILINE
)

pytestmark = pytest.mark.skipif(
    not GLOSSARIES.is_dir(),
    reason="no glossaries to read; name their folder with NEARSAY_TEST_DATA",
)


@cache
def read(name: str) -> tuple[tuple[Entry, ...], SourceReport]:
    report = read_sources([Source(name, str(GLOSSARIES / name))], encyclopedia=False)
    return report.entries, report.sources[0]


@pytest.mark.parametrize(
    ("name", "count", "refused"),
    [
        ("cncf", 81, 11),
        ("kubernetes", 139, 1),
        ("finos-ai", 140, 0),
        ("ai-yaml", 109, 0),
        ("va-acronyms", 4_851, 2),
    ],
)
def test_entries_of_a_glossary_contain_no_markup(name: str, count: int, refused: int) -> None:
    entries, report = read(name)
    assert (len(entries), len(report.refused)) == (count, refused)
    for entry in entries if name != "va-acronyms" else entries[::20]:
        for text in (entry.term, *entry.aliases, *(p.text for p in passages_of(entry))):
            assert not SYNTAX.search(text), (entry.id, text)


def test_files_without_entries_are_skipped_with_a_reason() -> None:
    reasons = {Path(item.path).name: item.reason for item in read("cncf")[1].refused}
    assert "index page" in reasons["_index.md"]
    assert "template" in reasons["_TEMPLATE.md"]


def test_every_meaning_of_an_acronym_is_kept() -> None:
    entries, report = read("va-acronyms")
    assert report.senses + report.merged + len(report.refused) == 5_793
    assert sum(len(entry.senses) > 1 for entry in entries) >= 655
