"""Phrases shared by all renderers."""

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.common import (
    HOW,
    bar,
    decline_line,
    format_percentile,
    hit_line,
    reason,
    title_of,
)
from index.entry import Mention
from index.search.results import Match, MatchedPassage
from tests.unit.bot.samples import answer, neighbour, neighbours


def test_a_bar_has_five_cells_of_which_one_per_fifth_is_filled() -> None:
    full = {1.0: 5, 0.91: 5, 0.89: 4, 0.71: 4, 0.11: 1, 0.09: 0, -0.2: 0, 5.0: 5}
    assert {one: bar(one).count("▰") for one in full} == full
    assert all(len(bar(one)) == 5 for one in full)


def test_a_hit_with_a_long_name_has_no_bar() -> None:
    assert hit_line(neighbour("a" * 20), 20) == ("a" * 20, "0.71 ▰▰▰▰▱")
    assert hit_line(neighbour("a" * 21), 20) == ("a" * 21, "0.71")
    assert len(hit_line(neighbour("a" * 50), 20)[0]) == 26


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
def test_the_explanation_of_a_match_respects_its_length_limit(
    heading: str, match: Match, percentile: float, room: int
) -> None:
    passage = MatchedPassage("section", heading, "text")
    found = replace(neighbour("x"), match=match, percentile=percentile, passage=passage)
    shown = reason(found, room)
    assert len(shown) <= room
    assert "\n" not in shown
    assert shown.startswith(HOW[match])
    # A match by name is not explained by a percentile.
    assert (format_percentile(percentile) in shown) is (match in ("meaning", "words"))


def test_explanation_quotes_the_search_phrase_instead_of_the_heading() -> None:
    passage = MatchedPassage("section", "How it works", "text", "do I need a rope")
    found = replace(neighbour("x"), match="meaning", passage=passage)
    assert reason(found, 90).endswith(" · asked as “do I need a rope”")
    other = replace(found, passage=replace(passage, asked_as=""))
    assert reason(other, 90).endswith(" · “How it works”")


def test_the_nearest_entries_have_a_title_in_their_number() -> None:
    one = replace(
        answer("Rope", answered=False), sparse=False, nearest=(Mention("rope", "Rope", "", None),)
    )
    assert decline_line(one) == "Nearest entry: Rope"
    assert decline_line(replace(one, nearest=one.nearest * 2)) == "Nearest entries: Rope · Rope"


def test_title_names_the_category_that_was_searched() -> None:
    reply = replace(neighbours("a poem", sparse=True), within="")
    assert title_of(reply) == 'Nothing here is near "a poem".'
    assert title_of(replace(reply, within="Office")) == 'Nothing in Office is near "a poem".'
