"""Extractive answers: whole sentences, in the words of the entry."""

from __future__ import annotations

import pytest

from index.entry import Entry, Section
from index.search.answers.extractive import (
    RUNNING,
    continued_definition,
    expand_abbreviation,
    first_sentences,
    split_sentences,
)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("He said “go.” Then he went.", ["He said “go.”", "Then he went."]),
        ("Use e.g. Rope. Or wire.", ["Use e.g. Rope.", "Or wire."]),
        ("It costs 3.50 a day. Cheap.", ["It costs 3.50 a day.", "Cheap."]),
        ("J. R. Smith drew it.", ["J. R. Smith drew it."]),
        ("A part\n\nanother part", ["A part", "another part"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_a_text_is_split_into_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_a_beginning_is_whole_sentences_within_the_limit() -> None:
    assert first_sentences("One. Two. Three.", 10) == "One. Two."
    assert first_sentences("One and a half. Two.", 4) == "One and a half."
    assert first_sentences("One.\n\nTwo.", 100) == "One.\n\nTwo."


def test_a_continued_definition_is_given_whole() -> None:
    parts = (Section("dock", "It has gates."), Section("How", "By a pump."), Section("Dock", "So."))
    dock = Entry("dock", "Dock", "A basin.", sections=parts)
    assert continued_definition(dock, "A basin.") == "A basin. It has gates. So."


def test_a_long_continuation_is_reduced_to_the_nearest_part() -> None:
    long = "Gates. " * (RUNNING // 7)
    dock = Entry(
        "dock", "Dock", "A basin.", sections=(Section("Dock", long), Section("Dock", "So."))
    )
    assert continued_definition(dock, "A basin.") == "A basin."
    assert continued_definition(dock, "So.") == "A basin. So."


@pytest.mark.parametrize(
    ("term", "aliases", "written", "full"),
    [
        ("Vessel traffic service", ("VTS",), "vts", "Vessel traffic service"),
        ("VTS", ("Vessel traffic service",), "VTS", "Vessel traffic service"),
        ("Institute of the Sea", ("IS",), "IS", "Institute of the Sea"),
        ("Roll-on roll-off ferry", ("RoRo",), "RoRo", "Roll-on roll-off ferry"),
        ("Buoy", (), "Buoy", ""),
        ("Hawser", ("mooring rope",), "mooring rope", ""),
        ("VTS", (), "VTS", ""),
    ],
)
def test_an_abbreviation_stands_for_its_name(
    term: str, aliases: tuple[str, ...], written: str, full: str
) -> None:
    assert expand_abbreviation(Entry("x", term, "x", aliases=aliases), written) == full
