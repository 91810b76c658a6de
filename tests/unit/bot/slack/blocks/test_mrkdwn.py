"""Tests of escaping text for Slack, and of truncating escaped text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks.mrkdwn import chunk, escape, plain, truncate, unescape
from index.text import clean
from tests.unit.bot.slack import NASTIES, dangers, faults_in_markup

TEXTS = st.lists(st.sampled_from(NASTIES) | st.text(max_size=20), max_size=12).map("".join)


@given(TEXTS)
def test_escaped_text_has_no_active_markup_and_unescapes_to_the_original(text: str) -> None:
    assert faults_in_markup(escape(text)) == []
    assert unescape(escape(text)) == clean(text)
    assert unescape("&amp;lt; &quot;") == "&lt; &quot;", "one level only"


@given(TEXTS, st.integers(20, 400))
def test_truncated_text_fits_its_limit_and_has_no_active_markup(text: str, limit: int) -> None:
    found = chunk(text, limit)
    assert all(0 < len(piece.strip()) <= len(piece) <= limit for piece in found)
    for piece in (*found, shown := truncate(text, limit)):
        assert faults_in_markup(piece) == []
    assert len(shown) <= limit
    whole = unescape("".join(chunk(text.replace("`", ""), limit)))
    assert "".join(whole.split()) == "".join(clean(text.replace("`", "")).split())
    block = plain(text, limit)
    assert 1 <= len(block["text"]) <= limit
    assert dangers(block) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One here.\n\nTwo there, and on", ["One here.", "Two there, and on"]),
        ("One here is.\nTwo there, and on", ["One here is.", "Two there, and on"]),
        ("One is here and two there", ["One is here and two", "there"]),
        ("x" * 45, ["x" * 20, "x" * 20, "x" * 5]),
        ("", []),
    ],
)
def test_text_is_split_at_the_best_boundary(text: str, found: list[str]) -> None:
    assert chunk(text, 28) == found


def test_split_code_block_is_closed_and_reopened() -> None:
    lines = "\n".join(f"line {number}" for number in range(30))
    found = chunk(f"Run this:\n```\n{lines}\n```\nThen wait.", 100)
    assert len(found) > 2
    assert all(piece.count("```") % 2 == 0 for piece in found)
    assert found[1].startswith("```\nline ")
