"""Tests of the short form of an entry."""

from dataclasses import replace
from typing import Any

import pytest

from bot.commands.spec import Request
from bot.slack.blocks.entry import entry_blocks
from bot.slack.blocks.reply import RequestContext, message_of
from index.entry import Detail, Entry, Question, Related, Section, Sense
from tests.unit.bot.samples import entry_reply
from tests.unit.bot.slack import buttons

TEAM: dict[str, Any] = {
    "owner": "<@U1>\nAna",
    "status": "agreed",
    "details": (Detail("Region", "EMEA"), Detail("Empty", "")),
}
LONG = "It winds the rope. " * 40


@pytest.mark.parametrize(
    ("more", "is_offered"),
    [
        ({}, False),
        ({"senses": (Sense("A winch."), Sense(LONG))}, True),
        ({"definition": LONG}, True),
        ({"related": (Related("Rope", LONG),)}, True),
        ({"aliases": (LONG[:200],)}, True),
        ({"faq": (Question("Who?", "You."),)}, True),
        ({"owner": "Ana", "status": "agreed", "details": (Detail("Region", "EMEA"),)}, False),
        ({"details": (Detail("Region", LONG[:200]),)}, True),
        ({"category": "A", "more_categories": ("B", "C", "D")}, True),
    ],
)
def test_whole_entry_is_offered_if_the_reply_leaves_text_out(
    more: dict[str, Any], is_offered: bool
) -> None:
    entry = replace(Entry("winch", "Winch", "A winch."), **more)
    found = replace(entry_reply("Winch"), entry=entry, also_in=())
    labels = [item["text"]["text"] for item in buttons(message_of(found, RequestContext()).blocks)]
    assert ("Whole entry" in labels) is is_offered


def test_related_terms_without_a_reason_share_a_line() -> None:
    related = (Related("Rope", "it is wound"), Related("Hook", ""), Related("Drum", ""))
    entry = Entry("winch", "Winch", "A winch.", related=related)
    found = replace(entry_reply("Winch"), entry=entry, also_in=())
    texts = [
        block.get("text", {}).get("text") for block in message_of(found, RequestContext()).blocks
    ]
    assert "*Related terms*\n- Rope: it is wound\n- Hook, Drum" in texts


def test_owner_status_and_details_are_one_line_of_plain_text() -> None:
    entry = Entry("winch", "Winch", "A winch.", category="Deck", more_categories=("Ropes",))
    found = replace(entry_reply("Winch"), entry=replace(entry, **TEAM), also_in=())
    short, whole = message_of(found, RequestContext()).blocks, entry_blocks(found, "", 1)
    for blocks in (short, whole):
        lines = [item for block in blocks for item in block.get("elements", ())]
        texts = [item["text"] for item in lines if item["type"] == "plain_text"]
        assert "Deck, Ropes" in texts
        assert "Owner: <@U1> Ana · Status: agreed · Region: EMEA" in texts


def test_whole_entry_lists_details_that_the_line_leaves_out() -> None:
    details = tuple(Detail(f"Colour {number}", f"<red> {number}") for number in range(20))
    entry = Entry("winch", "Winch", "A winch.", owner="Ana", details=details)
    found = replace(entry_reply("Winch"), entry=entry, also_in=())
    texts = [block["text"]["text"] for block in entry_blocks(found, "", 1) if "text" in block]
    (listed,) = (text for text in texts if text.startswith("*Details*"))
    lines = [f"- Colour {number}: &lt;red&gt; {number}" for number in range(20)]
    assert listed.split("\n") == ["*Details*", "- Owner: Ana", *lines]


def test_a_request_for_the_whole_entry_is_shown_whole_in_a_message() -> None:
    sections = tuple(Section(f"Part {at}", f"It winds rope {at}. " * 20) for at in range(5))
    entry = Entry("winch", "Winch", "A winch.", sections=sections, faq=(Question("Who?", "You."),))
    found = replace(entry_reply("Winch"), entry=entry, also_in=(), whole=True)
    blocks = message_of(found, RequestContext(Request("define", "winch"))).blocks
    texts = "".join(block["text"]["text"] for block in blocks if "text" in block)
    assert all(part.text.strip() in texts for part in sections)
    assert "You." in texts
    assert "Whole entry" not in [item["text"]["text"] for item in buttons(blocks)]


def test_a_whole_entry_that_is_too_long_for_a_message_has_its_button() -> None:
    entry = Entry("winch", "Winch", "A winch.", sections=(Section("Part", LONG * 30),))
    found = replace(entry_reply("Winch"), entry=entry, also_in=(), whole=True)
    blocks = message_of(found, RequestContext(Request("define", "winch"))).blocks
    assert len(blocks) <= 50
    assert "Whole entry" in [item["text"]["text"] for item in buttons(blocks)]
