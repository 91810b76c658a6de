"""What is remembered of files: as JSON and back, and for which reader it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.entry import Entry, Section
from index.sources.files import Reading, Refusal
from index.sources.known import KnownFile, reader_of
from index.sources.source import Source

ENTRY = Entry(
    "quay",
    "Quay",
    "A wall where ships lie.\nIn a harbour.",
    aliases=("wharf\u2028", "Kai"),
    updated=date(2026, 1, 31),
    sections=(Section("What it is", "One line.\n\nAnother."),),
)
READINGS = [
    Reading((ENTRY, replace(ENTRY, id="quay-2"))),
    Reading((), (Refusal("a.md", None, "is empty"), Refusal("a.md", 3, "no term", "Name it."))),
    Reading((ENTRY,), (Refusal("a.csv", 2, "no definition"),), "CC BY 4.0"),
]


@pytest.mark.parametrize("reading", READINGS)
def test_a_file_comes_back_from_json_as_it_was(reading: Reading) -> None:
    known = KnownFile(1_234, 1_790_000_000_123_456_789, "ab" * 32, reading)
    assert KnownFile.from_json(known.to_json()) == known


@pytest.mark.parametrize("text", ["", "{}", "[]", "no JSON", '{"size": 1}\n{}'])
def test_what_is_no_known_file_is_an_error(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        KnownFile.from_json(text)


def test_path_and_columns_decide_which_reader_it_is() -> None:
    source = Source("terms", "terms/", {"term": "Wort", "definition": "Bedeutung"})
    same = Source("other", "terms/", {"definition": "Bedeutung", "term": "Wort"})
    assert reader_of(source) == reader_of(same)
    others = [replace(source, path="other/"), replace(source, columns={"term": "Wort"})]
    assert len({reader_of(source), *map(reader_of, others)}) == 3
