"""Modals keep to Slack's limits, and show as much of an entry as there is room for."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from bot.slack.entry_modal import LONGEST_TITLE, TURN, entry_blocks, turned
from bot.slack.modals import View, modal_of, text_modal
from index.entry import Question, Reference, Related, Section
from index.space.results import EntryReply
from tests.bot.slack import (
    WORST,
    buttons,
    dangers,
    entry_reply,
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


def pages(found: EntryReply) -> list[View]:
    """Every page of an entry, by the buttons that lead from one to the next."""
    views = [modal_of(found)]
    while onward := [item for item in buttons(views[-1]) if item["action_id"] == f"{TURN}_1"]:
        number, entry_id = turned(onward[0]["value"])
        assert entry_id == found.entry.id
        assert number == len(views) + 1
        views.append(modal_of(found, number))
    return views


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize("kind", ENTRIES)
def test_every_page_of_an_entry_is_within_slacks_limits(kind: str, name: str) -> None:
    checked = {f"https://example.test/{at}?a=1&b=2" for at in range(30)}
    found = worst(kind, name)
    assert isinstance(found, EntryReply)
    told = [
        text for text in texts_in(worst_view(kind, name)["blocks"]) if text.startswith("Page 1 of ")
    ]
    last = int(told[0].split()[-1]) if told else 1
    for view in (modal_of(found, number) for number in (2, last)):
        fits(view)
        assert dangers(view, checked) == []
        assert sum(map(len, texts_in(view["blocks"]))) <= MESSAGE_TEXT


def test_no_word_of_a_long_entry_is_left_out() -> None:
    words = iter(f"w{number}" for number in range(10**6))

    def text(count: int) -> str:
        return " ".join(next(words) for _ in range(count))

    parts = {
        "definition": text(900),
        "sections": tuple(Section(text(5), text(2_000)) for _ in range(8)),
        "example": text(2_000),
        "faq": tuple(Question(text(8), text(800)) for _ in range(30)),
        "related": tuple(Related(text(2), text(20), f"term-{at}") for at in range(40)),
        "references": tuple(Reference(text(20)) for _ in range(40)),
    }
    found = entry_reply(SHORT, **EMPTY | parts)
    views = pages(found)
    assert len(views) == page_count(found) > 10
    shown = " ".join(text for view in views for text in texts_in(view["blocks"]))
    assert set(" ".join(f"w{n}" for n in range(int(next(words)[1:]))).split()) <= set(
        re.findall(r"w\d+", shown)
    )


def page_count(found: EntryReply) -> int:
    """How many pages an entry has, as its first one says."""
    (told,) = [text for text in texts_in(modal_of(found)) if text.startswith("Page 1 of ")]
    return int(told.split()[-1])


def test_pages_lead_forward_and_back_and_say_which_they_are() -> None:
    found = entry_reply(WORST["words"])
    last = page_count(found)
    assert [item["text"]["text"] for item in turns(modal_of(found))] == ["Next page"]
    assert [item["text"]["text"] for item in turns(modal_of(found, 2))] == [
        "Previous page",
        "Next page",
    ]
    assert [item["value"] for item in turns(modal_of(found, 2))] == ["1 entry-1", "3 entry-1"]
    assert [item["text"]["text"] for item in turns(modal_of(found, last))] == ["Previous page"]
    assert f"Page 2 of {last}" in texts_in(modal_of(found, 2))


def turns(view: View) -> list[dict[str, Any]]:
    return [item for item in buttons(view) if item["action_id"].startswith(TURN)]


@pytest.mark.parametrize("page", [0, -1, 10**9])
def test_a_page_that_is_not_there_gives_the_nearest(page: int) -> None:
    found = entry_reply(WORST["words"])
    near = 1 if page < 1 else page_count(found)
    assert entry_blocks(found, page) == entry_blocks(found, near)


@pytest.mark.parametrize("value", ["", "x", "x entry-1", "²", "-1 entry-1", "1"])
def test_a_forged_page_is_the_first_one(value: str) -> None:
    assert turned(value)[0] == 1


@pytest.mark.parametrize("kind", REPLIES)
def test_a_reply_has_a_modal_of_its_text_alone(kind: str) -> None:
    for name in WORST:
        view = text_modal(worst(kind, name))
        fits(view)
        assert dangers(view) == []


def test_a_question_that_can_be_asked_in_other_words_is_shown_once() -> None:
    ways = ("Who looks after it?", "whose job is this thing")
    faq = tuple(Question(way, "The harbour master.", way != ways[0]) for way in ways)
    found = entry_reply(SHORT, **EMPTY | {"faq": faq})
    assert "*Who looks after it?*\nThe harbour master." in texts_in(modal_of(found))
    assert not any("whose job" in text for text in texts_in(modal_of(found)))


@pytest.mark.parametrize("name", WORST)
def test_a_long_term_is_cut_in_the_title_and_whole_in_a_header(name: str) -> None:
    view = modal_of(entry_reply(WORST[name], **EMPTY))
    header = [block for block in view["blocks"] if block["type"] == "header"]
    assert bool(header) == (len(WORST[name](300)) > LONGEST_TITLE)
    assert len(view["title"]["text"]) <= LONGEST_TITLE
