"""The words that every renderer shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrases import (
    HOW,
    about,
    bar,
    cited,
    decline_line,
    footer,
    nearest_line,
    next_line,
    reason,
    reply_lines,
    source_line,
    standing,
)
from bot.replies import Integrity
from index.entry import PassageKind
from index.integrity import Fault
from index.space.results import Citation, Match, Matched, Mention
from tests.bot.samples import answer, entry, neighbour


@pytest.mark.parametrize(
    ("similarity", "full"),
    [
        (1.0, 10),
        (0.96, 10),
        (0.94, 9),
        (0.71, 7),
        (0.06, 1),
        (0.04, 0),
        (0.0, 0),
        (-0.2, 0),
        (-1.0, 0),
        (1.0000001, 10),
        (5.0, 10),
    ],
)
def test_a_bar_has_ten_signs_as_many_full_as_there_are_tenths(similarity: float, full: int) -> None:
    assert bar(similarity) == "▰" * full + "▱" * (10 - full)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_a_longer_bar_never_stands_for_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert len(bar(low)) == len(bar(high)) == 10
    assert bar(low).count("▰") <= bar(high).count("▰")


@pytest.mark.parametrize(
    ("percentile", "said"),
    [
        (0.0, "closer than 0% of pairs"),
        (0.1, "closer than 0.1% of pairs"),
        (50.0, "closer than 50% of pairs"),
        (97.5, "closer than 97.5% of pairs"),
        (99.9, "closer than 99.9% of pairs"),
        (99.95, "closer than 99.9% of pairs"),
        (100.0, "closer than 99.9% of pairs"),
    ],
)
def test_a_standing_never_claims_more_than_was_measured(percentile: float, said: str) -> None:
    assert standing(percentile) == said


def test_every_way_of_being_found_has_words() -> None:
    assert set(HOW) == set(get_args(Match))


@given(
    st.text(max_size=400),
    st.sampled_from(sorted(HOW)),
    st.floats(0, 100).map(lambda number: round(number, 1)),
    st.integers(60, 300),
)
def test_why_is_one_line_within_its_room(
    heading: str, match: Match, percentile: float, room: int
) -> None:
    passage = Matched("section", heading, "text")
    found = replace(neighbour("x"), match=match, percentile=percentile, passage=passage)
    told = reason(found, room)
    assert len(told) <= room
    assert "\n" not in told
    assert told.startswith(HOW[match])
    # What was named was not found by its similarity, so that says nothing of why.
    assert (standing(percentile) in told) is (match in ("meaning", "words"))


@pytest.mark.parametrize(
    ("match", "kind", "named"),
    [
        ("exact", "section", False),
        ("spelling", "section", False),
        ("meaning", "definition", False),
        ("meaning", "section", True),
        ("words", "section", True),
    ],
)
def test_why_names_the_heading_that_matched_where_it_says_something(
    match: Match, kind: PassageKind, *, named: bool
) -> None:
    found = replace(neighbour("x"), match=match, passage=Matched(kind, "What it is", "x"))
    assert reason(found).endswith("· “What it is”") is named


def test_about_gives_category_other_names_date_and_source_on_one_line() -> None:
    told = about(replace(entry("x"), category="Quay", aliases=("wharf", "berth"), source="harbour"))
    assert told == "Quay · also: wharf, berth · updated 24 November 2026 · from harbour"


def test_about_leaves_out_what_is_not_given() -> None:
    bare = replace(entry("x"), category="", aliases=(), updated=None, source="")
    assert about(bare) == ""
    assert about(replace(bare, updated=date(2026, 1, 2))) == "updated 02 January 2026"


@pytest.mark.parametrize("text", ["a\nb", "a\u2028b", "a\r\nb"], ids=ascii)
def test_one_line_phrases_stay_one_line(text: str) -> None:
    for told in (about(entry(text)), nearest_line([neighbour(text)]), footer(answer(text))):
        assert "\n" not in told
        assert "a b" in told


def test_the_nearest_are_named_with_two_decimals() -> None:
    assert nearest_line([neighbour("a"), neighbour("b", 2, -0.2)]) == "a 0.71 · b -0.20"


def test_an_entry_whose_nearness_was_not_measured_is_named_alone() -> None:
    entries = [Mention("buoy", "Buoy", "Signs", None), Mention("dock", "Dock", "Quay", 0.456)]
    assert nearest_line(entries) == "Buoy · Dock 0.46"


def test_a_place_is_an_entry_and_the_heading_in_it() -> None:
    assert cited(Citation("buoy", "Buoy", "What it is")) == "Buoy › What it is"
    assert cited(Citation("buoy", "Buoy", "")) == "Buoy"


def test_places_of_an_answer_are_told_by_entry_and_a_list_has_none() -> None:
    places = (("Buoy", "What it is"), ("Dock", "Definition"), ("Buoy", "Example"))
    told = replace(
        answer("x"), citations=tuple(Citation(term, term, heading) for term, heading in places)
    )
    assert source_line(told) == "Buoy › What it is, Example · Dock › Definition"
    assert source_line(replace(told, citations=(Citation("buoy", "Buoy", ""),))) == ""


def test_at_most_two_questions_are_suggested() -> None:
    told = replace(answer("x"), follow_ups=("why?", "how?"))
    assert next_line(told) == 'Next: "why?" · "how?"'
    assert next_line(replace(told, follow_ups=("why?", "how?", "who?"))) == next_line(told)
    assert next_line(replace(told, follow_ups=())) == ""
    assert next_line(replace(told, answered=False)) == '"why?" · "how?"'


def test_a_decline_names_what_is_nearest_and_an_answer_does_not() -> None:
    declined = answer("x", answered=False)
    assert decline_line(declined) == "Nearest: x 0.50 · x"
    assert decline_line(replace(declined, nearest=())) == ""
    assert decline_line(answer("x")) == ""


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "203 entries. No faults found."),
        (1, "203 entries. 1 fault."),
        (2, "203 entries. 2 faults."),
    ],
)
def test_a_check_of_the_entries_counts_its_faults(count: int, told: str) -> None:
    faults = tuple(Fault("buoy", "It has no example.") for _ in range(count))
    found = Integrity(generation=None, model="toy", entries=203, faults=faults)
    assert reply_lines(found) == [*["buoy: It has no example."] * count, told]
