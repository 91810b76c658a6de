"""Tests of the short form of an entry."""

from dataclasses import replace
from typing import Any

import pytest

from bot.slack.blocks.reply import RequestContext, message_of
from index.entry import Entry, Question, Related, Sense
from tests.unit.bot.samples import entry_reply
from tests.unit.bot.slack import buttons

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
    ],
)
def test_whole_entry_is_offered_if_the_reply_leaves_text_out(
    more: dict[str, Any], is_offered: bool
) -> None:
    entry = replace(Entry("winch", "Winch", "A winch."), **more)
    found = replace(entry_reply("Winch"), entry=entry, also_in=())
    labels = [item["text"]["text"] for item in buttons(message_of(found, RequestContext()).blocks)]
    assert ("Whole entry" in labels) is is_offered
