"""Tests of parsing the state of a thread."""

from typing import Any

import pytest

from bot.slack.thread_state import metadata_of, parse_reply
from index.search.answers.conversation import Conversation

BOT = "U0BOT"
STATE = Conversation("what is a buoy?", ("buoy",), ("Definition",))


def message_of(ts: str, text: str = "x", **fields: Any) -> dict[str, Any]:
    return {"user": "U1", "ts": ts, "text": text} | fields


def answer(ts: str, question: str, **fields: Any) -> dict[str, Any]:
    metadata = metadata_of(question, STATE, "U1")
    return message_of(ts, user=BOT, bot_id="B0", metadata=metadata) | fields


@pytest.mark.parametrize(
    "message",
    [
        message_of("2.0"),
        answer("2.0", "1.0", user="U1"),
        answer("2.0", "1.0", metadata={"event_type": "other", "event_payload": {"question": "1"}}),
        answer("2.0", "1.0", metadata=None),
    ],
)
def test_messages_that_are_not_answers_are_not_parsed(message: dict[str, Any]) -> None:
    assert parse_reply(message, BOT) is None
