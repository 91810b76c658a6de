"""Modals keep to Slack's limits, and show as much of an entry as there is room for."""

from __future__ import annotations

from functools import cache

import pytest

from bot.slack.answer_blocks import OPEN
from bot.slack.blocks import NEAR
from bot.slack.modals import LONGEST_TITLE, View, modal_of, opening
from index.entry import Question, Reference, Related, Section
from tests.bot.samples import KINDS, reply
from tests.bot.slack import (
    WORST,
    buttons,
    dangers,
    entry_reply,
    neighbours,
)
from tests.bot.slack.test_blocks import EMPTY, REPLIES, worst
from tests.workspace.blockkit_rules import MESSAGE_TEXT, check_view
from tests.workspace.model import elements_in, texts_in

SHORT = WORST["short"]


def fits(view: View) -> None:
    """Asserts all that Slack asks of a modal."""
    assert list(check_view(view)) == []
    assert 0 < len(view["title"]["text"]) <= 24
    assert len(view["blocks"]) <= 100
    for item in buttons(view):
        assert 0 < len(item["value"]) <= 2_000
    for block in view["blocks"]:
        ids = [element["action_id"] for element in elements_in([block])]
        assert len(ids) == len(set(ids))


def test_the_opening_modal_fits() -> None:
    fits(opening())


@cache
def worst_view(kind: str, name: str) -> View:
    return modal_of(worst(kind, name))


ENTRIES = ["entry", "entry with senses", "entry, long reasons"]


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize("kind", [*ENTRIES, "20 neighbours", "problem"])
def test_a_modal_is_within_slacks_limits_and_has_nothing_live(kind: str, name: str) -> None:
    checked = {f"https://example.test/{at}?a=1&b=2" for at in range(30)}
    view = worst_view(kind, name)
    assert dangers(view, checked) == []
    fits(view)


@pytest.mark.parametrize("kind", REPLIES)
def test_a_modal_of_any_reply_fits(kind: str) -> None:
    fits(worst_view(kind, "words"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_reply_has_a_modal(kind: str) -> None:
    fits(modal_of(reply(kind, "a word")))


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize("kind", [*ENTRIES, "20 neighbours"])
def test_all_text_of_a_modal_together_stays_bounded(kind: str, name: str) -> None:
    view = worst_view(kind, name)
    assert sum(map(len, texts_in(view["blocks"]))) <= MESSAGE_TEXT


def test_an_entry_with_nothing_but_its_definition_has_a_modal() -> None:
    view = modal_of(entry_reply(SHORT, 0, **EMPTY))
    fits(view)
    assert not any("Related" in text or "References" in text for text in texts_in(view))


@pytest.mark.parametrize(
    "length", [1_900, 400, 300], ids=["the longest address", "long", "of some length"]
)
@pytest.mark.parametrize("query", ["", "?a=1&b=2"], ids=["plain", "with &"])
def test_references_with_long_addresses_fit(length: int, query: str) -> None:
    address = f"https://example.test/{'p' * (length - 21 - len(query))}{query}"
    references = tuple(Reference("x" * 160, address) for _ in range(8))
    view = modal_of(entry_reply(SHORT, **EMPTY | {"references": references}))
    fits(view)
    assert dangers(view, {address}) == []


def test_references_are_links_with_their_text_escaped() -> None:
    references = (
        Reference("A & <B>", "https://example.test/?a=1&b=2"),
        Reference("No address <!here>"),
    )
    view = modal_of(entry_reply(SHORT, **EMPTY | {"references": references}))
    shown = next(text for text in texts_in(view) if text.startswith("*References*"))
    assert shown.splitlines()[1:] == [
        "- <https://example.test/?a=1&amp;b=2|A &amp; &lt;B&gt;>",
        "- No address &lt;!here&gt;",
    ]


def test_a_whole_entry_of_usual_size_is_shown() -> None:
    parts = {
        "sections": tuple(Section(f"Heading {at}", f"Section {at}. " * 20) for at in range(8)),
        "faq": tuple(Question(f"Question {at}?", f"Answer {at}. " * 10) for at in range(8)),
        "example": "For instance.",
        "related": tuple(Related(f"Term {at}", "a reason", f"term-{at}") for at in range(5)),
    }
    view = modal_of(entry_reply(SHORT, **EMPTY | parts))
    shown = "\n".join(texts_in(view))
    fits(view)
    assert all(f"Heading {at}" in shown and f"Question {at}?" in shown for at in range(8))
    assert all(f"*Term {at}*: a reason" in shown for at in range(5))
    assert "There is more" not in shown


def test_what_does_not_fit_is_said() -> None:
    assert "There is more than fits here" in "\n".join(
        texts_in(modal_of(entry_reply(WORST["words"])))
    )


def test_long_reasons_of_related_terms_do_not_push_the_sections_out() -> None:
    related = tuple(Related(f"Term {at}", "reason " * 300) for at in range(8))
    section = Section("What it is", "A short section.")
    view = modal_of(entry_reply(SHORT, **EMPTY | {"related": related, "sections": (section,)}))
    assert any("A short section." in text for text in texts_in(view))


def test_one_long_part_leaves_the_short_ones_after_it() -> None:
    sections = tuple(Section(f"Long {at}", "word " * 600) for at in range(6))
    faq = (Question("Who looks after it?", "The harbour master."),)
    view = modal_of(entry_reply(SHORT, **EMPTY | {"sections": sections, "faq": faq}))
    fits(view)
    assert any("Long 0" in text for text in texts_in(view))


@pytest.mark.parametrize("name", WORST)
def test_a_long_term_is_cut_in_the_title_and_whole_in_a_header(name: str) -> None:
    view = modal_of(entry_reply(WORST[name], **EMPTY))
    header = [block for block in view["blocks"] if block["type"] == "header"]
    assert bool(header) == (len(WORST[name](300)) > LONGEST_TITLE)
    assert len(view["title"]["text"]) <= LONGEST_TITLE


def test_related_terms_that_are_entries_can_be_opened_and_others_cannot() -> None:
    related = (Related("Buoy", "beside it", "buoy"), Related("Whale", "outside"))
    view = modal_of(entry_reply(SHORT, **EMPTY | {"related": related}))
    assert [(item["action_id"], item["value"]) for item in buttons(view)] == [
        (OPEN, "buoy"),
        (f"{NEAR}_0", "entry-1"),
    ]


def test_neighbours_in_a_modal_can_be_opened_and_not_shared() -> None:
    view = modal_of(neighbours(SHORT, 5))
    actions = {item["action_id"] for item in buttons(view)}
    assert actions == {OPEN, *(f"{NEAR}_{rank}" for rank in range(1, 6))}
