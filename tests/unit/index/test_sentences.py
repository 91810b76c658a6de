"""Extractive answers: whole sentences, in the words of the entry."""

import pytest

from index.entry import Entry, Section
from index.sentences import (
    LONGEST,
    RUNNING,
    continued_definition,
    expand_abbreviation,
    first_sentences,
)
from tests.unit.index.tables import rows


def test_first_sentences_are_complete_and_within_the_limit() -> None:
    fits, longer = "A" * (LONGEST - 6) + ".", "A" * LONGEST + "."
    assert first_sentences(f"{fits} Two. Three.") == f"{fits} Two."
    assert first_sentences(f"One. {longer}") == "One."
    assert first_sentences(f"{longer} Two.") == longer
    assert first_sentences("One.\n\nTwo.") == "One.\n\nTwo."


def test_a_long_continued_definition_keeps_only_the_nearest_section() -> None:
    long = "Gates. " * (RUNNING // 7)
    dock = Entry(
        "dock", "Dock", "A basin.", sections=(Section("Dock", long), Section("Dock", "So."))
    )
    assert continued_definition(dock, "A basin.") == "A basin."
    assert continued_definition(dock, "So.") == "A basin. So."


@pytest.mark.parametrize(("term", "aliases", "written", "full"), rows(__file__, "abbreviations"))
def test_an_abbreviation_is_expanded(
    term: str, aliases: tuple[str, ...], written: str, full: str
) -> None:
    assert expand_abbreviation(Entry("x", term, "x", aliases=aliases), written) == full
