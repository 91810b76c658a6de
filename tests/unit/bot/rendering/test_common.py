"""Phrases shared by all renderers."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.common import (
    HOW,
    about_line,
    bar,
    citation_label,
    decline_line,
    footer,
    format_percentile,
    nearest_line,
    next_line,
    reason,
    reply_lines,
    source_line,
)
from bot.replies.base import Integrity
from index.entry import Mention, PassageKind
from index.lint import LintError
from index.search.results import Citation, Match, Matched
from tests.unit.bot.samples import answer, entry, neighbour


def test_a_bar_has_ten_characters_and_one_full_per_tenth() -> None:
    full = {1.0: 10, 0.96: 10, 0.94: 9, 0.71: 7, 0.06: 1, 0.04: 0, -0.2: 0, 5.0: 10}
    assert {one: bar(one).count("▰") for one in full} == full
    assert all(len(bar(one)) == 10 for one in full)


def test_a_percentile_is_never_rounded_up() -> None:
    expected = {0.0: "0%", 0.1: "0.1%", 97.5: "97.5%", 99.95: "99.9%", 100.0: "99.9%"}
    assert {one: format_percentile(one) for one in expected} == {
        one: f"closer than {share} of pairs" for one, share in expected.items()
    }


@given(
    st.text(max_size=400),
    st.sampled_from(get_args(Match)),
    st.floats(0, 100).map(lambda number: round(number, 1)),
    st.integers(60, 300),
)
def test_why_is_one_line_within_its_limit(
    heading: str, match: Match, percentile: float, room: int
) -> None:
    passage = Matched("section", heading, "text")
    found = replace(neighbour("x"), match=match, percentile=percentile, passage=passage)
    shown = reason(found, room)
    assert len(shown) <= room
    assert "\n" not in shown
    assert shown.startswith(HOW[match])
    # The percentile does not explain a match by name.
    assert (format_percentile(percentile) in shown) is (match in ("meaning", "words"))


def test_why_names_the_matched_heading_of_a_section() -> None:
    expected = "· “What it is”"
    cases: list[tuple[PassageKind, Match, bool]] = [
        ("section", "exact", False),
        ("definition", "meaning", False),
        ("section", "meaning", True),
        ("section", "words", True),
    ]
    for kind, match, named in cases:
        passage = Matched(kind, "What it is", "x")
        found = replace(neighbour("x"), match=match, passage=passage)
        assert reason(found).endswith(expected) is named


def test_about_joins_the_given_fields_on_one_line() -> None:
    shown = about_line(
        replace(entry("x"), category="Quay", aliases=("wharf", "berth"), source="harbour")
    )
    assert shown == "Quay · also: wharf, berth · updated 24 November 2026 · from harbour"
    assert about_line(replace(entry("x"), category="", aliases=(), updated=None, source="")) == ""


@pytest.mark.parametrize("text", ["a\nb", "a\u2028b", "a\r\nb"], ids=ascii)
def test_one_line_phrases_stay_one_line(text: str) -> None:
    for shown in (about_line(entry(text)), nearest_line([neighbour(text)]), footer(answer(text))):
        assert "\n" not in shown
        assert "a b" in shown


def test_nearest_entries_have_two_decimals_if_measured() -> None:
    entries = (neighbour("a", 2, -0.2), Mention("buoy", "Buoy", "Signs", None))
    assert nearest_line(entries) == "a -0.20 · Buoy"


def test_citations_are_grouped_by_entry_and_absent_for_a_list() -> None:
    assert citation_label(Citation("buoy", "Buoy", "What it is")) == "Buoy › What it is"
    assert citation_label(Citation("buoy", "Buoy", "")) == "Buoy"
    places = (("Buoy", "What it is"), ("Dock", "Definition"), ("Buoy", "Example"))
    shown = replace(
        answer("x"), citations=tuple(Citation(term, term, heading) for term, heading in places)
    )
    assert source_line(shown) == "Buoy › What it is, Example · Dock › Definition"
    assert source_line(replace(shown, citations=(Citation("buoy", "Buoy", ""),))) == ""


def test_an_answer_suggests_follow_ups_and_an_abstention_the_nearest() -> None:
    shown = replace(answer("x"), follow_ups=("why?", "how?", "who?"))
    assert next_line(shown) == 'Next: "why?" · "how?"'
    assert next_line(replace(shown, follow_ups=())) == ""
    assert next_line(replace(shown, answered=False)) == '"why?" · "how?"'
    declined = answer("x", answered=False)
    assert decline_line(declined) == "Nearest: x 0.50 · x"
    assert decline_line(replace(declined, nearest=())) == decline_line(shown) == ""


@pytest.mark.parametrize(("count", "shown"), [(0, "No faults found."), (2, "2 faults.")])
def test_an_integrity_check_counts_its_faults(count: int, shown: str) -> None:
    faults = (LintError("buoy", "It has no example."),) * count
    found = Integrity(generation=None, model="toy", entries=203, faults=faults)
    assert reply_lines(found) == [*["buoy: It has no example."] * count, f"203 entries. {shown}"]
