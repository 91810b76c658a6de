"""What holds for the bundled encyclopedia as a whole."""

from __future__ import annotations

import pytest

from index.entry import Entry, link
from index.names import name_key
from index.sources.reading import read_sources
from index.sources.source import Report

SECTIONS = ["What it is", "How it works", "Why it matters for your prompts"]


@pytest.fixture(scope="module")
def report() -> Report:
    return read_sources([])


@pytest.fixture(scope="module")
def entries(report: Report) -> list[Entry]:
    return link(report.entries)


def test_every_page_parses(report: Report) -> None:
    assert report.refused == ()
    assert report.sources[0].files == len(report.entries)


def test_there_are_at_least_forty_entries(entries: list[Entry]) -> None:
    assert len(entries) >= 40


def test_no_name_belongs_to_two_entries(entries: list[Entry]) -> None:
    owner: dict[str, str] = {}
    twice = [
        f"{name!r} of {entry.id} is also a name of {owner[name_key(name)]}"
        for entry in entries
        for name in (entry.term, *entry.aliases)
        if owner.setdefault(name_key(name), entry.id) != entry.id
    ]
    assert twice == []


def test_no_entry_gives_one_name_twice(entries: list[Entry]) -> None:
    repeated = [
        entry.id
        for entry in entries
        if len({name_key(name) for name in (entry.term, *entry.aliases)}) != 1 + len(entry.aliases)
    ]
    assert repeated == []


def test_every_related_term_is_an_entry(entries: list[Entry]) -> None:
    astray = [
        f"{entry.id}: {item.term}" for entry in entries for item in entry.related if not item.id
    ]
    assert astray == []


def test_no_entry_is_related_to_itself_or_twice_to_another(entries: list[Entry]) -> None:
    odd = [
        entry.id
        for entry in entries
        if len({entry.id, *(item.id for item in entry.related)}) != 1 + len(entry.related)
    ]
    assert odd == []


def test_every_entry_has_all_its_sections(entries: list[Entry]) -> None:
    missing = [
        f"{entry.id}: {part}"
        for entry in entries
        for part, there in (
            *((name, any(s.heading == name for s in entry.sections)) for name in SECTIONS),
            ("Example", entry.example),
            ("Related terms", entry.related),
            ("Questions", entry.faq),
            ("References", entry.references),
            ("category", entry.category),
            ("updated", entry.updated),
        )
        if not there
    ]
    assert missing == []
