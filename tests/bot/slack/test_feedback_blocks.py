"""The buttons of feedback: under what they are, and that messages with them keep to Slack's
limits."""

from __future__ import annotations

from typing import Any

import pytest

from bot.grammar import Request
from bot.slack.blocks import Asked, message_of
from bot.slack.feedback_blocks import HELPFUL, NOT_HELPFUL, TELL
from tests.bot.samples import KINDS, reply
from tests.bot.slack import WORST, buttons
from tests.bot.slack.test_blocks import REPLIES, fits, worst

ID = "0123456789abcdef"
VOTES = [HELPFUL, NOT_HELPFUL]


def feedback(kind: str, asked: Asked) -> list[str]:
    blocks = list(message_of(reply(kind, "x"), asked).blocks)
    ours: list[dict[str, Any]] = [
        item for item in buttons(blocks) if item["action_id"] in (*VOTES, TELL)
    ]
    assert {item["value"] for item in ours} <= {ID}
    return [item["action_id"] for item in ours]


@pytest.mark.parametrize("kind", ["neighbours", "entry", "senses", "answer"])
def test_there_are_votes_under_an_answer(kind: str) -> None:
    assert feedback(kind, Asked(question=ID)) == VOTES
    assert feedback(kind, Asked(Request("near", "x"), shared_by="ada", question=ID)) == VOTES


@pytest.mark.parametrize("kind", ["sparse", "declined"])
def test_where_nothing_was_found_the_owners_can_be_told(kind: str) -> None:
    assert feedback(kind, Asked(question=ID)) == [*VOTES, TELL]


def test_where_no_entry_has_the_name_the_owners_can_be_told() -> None:
    assert feedback("problem", Asked(question=ID)) == [TELL]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_kept_cannot_be_voted_on(kind: str) -> None:
    assert feedback(kind, Asked()) == []


@pytest.mark.parametrize("kind", ["plan", "status", "help", "new thread", "forgotten"])
def test_there_are_no_votes_on_what_is_no_answer(kind: str) -> None:
    assert feedback(kind, Asked(question=ID)) == []


@pytest.mark.parametrize("text", WORST)
@pytest.mark.parametrize("kind", REPLIES)
def test_messages_with_votes_keep_to_slacks_limits(kind: str, text: str) -> None:
    asked = Asked(Request("near", "x"), shared_by="ada", question=ID)
    fits(message_of(worst(kind, text), asked))
