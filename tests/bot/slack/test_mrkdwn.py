"""Escaping, and cutting what was escaped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.mrkdwn import escape, fitted, markup, plain, unescape
from index.text import clean
from tests.bot.slack import NASTIES, WORST, dangers, faults_in_markup

TEXTS = st.lists(st.sampled_from(NASTIES) | st.text(max_size=20), max_size=12).map("".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_escaped_text_has_nothing_live_and_reads_back_as_it_was(text: str) -> None:
    assert faults_in_markup(escape(text)) == []
    assert unescape(escape(text)) == clean(text)


@pytest.mark.parametrize(
    ("delivered", "typed"),
    [
        ("T&amp;M", "T&M"),
        ("a &lt; b &gt; c", "a < b > c"),
        ("&amp;lt;!here&amp;gt;", "&lt;!here&gt;"),
        ("&amp;amp;", "&amp;"),
        ("&quot;x&quot; &#60;", "&quot;x&quot; &#60;"),
        ("", ""),
    ],
    ids=["ampersand", "brackets", "entity typed", "entity of &", "other entities", "nothing"],
)
def test_unescape_gives_what_was_typed_and_goes_one_level_only(delivered: str, typed: str) -> None:
    assert unescape(delivered) == typed


@given(TEXTS, st.integers(1, 400))
@settings(max_examples=300, deadline=None)
def test_fitted_text_is_within_its_limit_and_no_entity_is_cut(text: str, limit: int) -> None:
    shown = fitted(text, max(limit, 5))
    assert len(shown) <= max(limit, 5)
    assert faults_in_markup(shown) == []


@pytest.mark.parametrize("limit", [120, 160, 600, 1_500, 2_700])
@pytest.mark.parametrize("name", [name for name in WORST if name != "short"])
def test_fitted_text_is_the_beginning_and_uses_its_room(name: str, limit: int) -> None:
    text = WORST[name](5_000)
    shown = fitted(text, limit)
    assert shown.endswith("…")
    assert clean(text).startswith(unescape(shown[:-1]))
    # A word that would not fit is left out, and no more than that.
    assert limit // 2 - 5 <= len(shown) <= limit


def test_fitted_text_that_fits_is_left_whole() -> None:
    assert fitted("a & b", 9) == "a &amp; b"
    assert fitted("", 10) == ""


@pytest.mark.parametrize("text", ["", "\x00", "\u202e", "\u200b\ufeff"], ids=ascii)
def test_a_plain_text_that_shows_nothing_becomes_an_ellipsis(text: str) -> None:
    assert plain(text)["text"] == "…"


@given(TEXTS, st.integers(1, 200))
@settings(max_examples=200, deadline=None)
def test_plain_text_is_within_its_limit_and_has_no_hidden_character(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert 1 <= len(shown["text"]) <= limit
    assert dangers(shown) == []
    assert (shown["type"], shown["emoji"]) == ("plain_text", False)


def test_markup_is_verbatim() -> None:
    assert markup("*a*") == {"type": "mrkdwn", "text": "*a*", "verbatim": True}
