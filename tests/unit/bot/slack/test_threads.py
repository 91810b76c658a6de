"""Tests of reading a conversation: its length is bounded, and only answers are parsed."""

from typing import Any

import pytest

from bot.slack.threads import MOST_PAGES, STEPS, Threads, metadata_of, parse_reply
from index.search.answers.conversation import Conversation

BOT = "U0BOT"
STATE = Conversation("what is a buoy?", ("buoy",), ("Definition",))


class Endless:
    """A stand-in for Slack with endless pages of a conversation."""

    def __init__(self) -> None:
        self.pages = 0

    def conversations_replies(self, **_: Any) -> dict[str, Any]:
        self.pages += 1
        message = {"ts": f"{3_000_000 + self.pages}.0", "user": "U1", "text": "and on"}
        return {"messages": [message], "response_metadata": {"next_cursor": "more"}}

    def conversations_history(self, **given: Any) -> dict[str, Any]:
        return self.conversations_replies(**given)


@pytest.mark.parametrize(
    ("thread", "most"), [("1000000.0", MOST_PAGES * (len(STEPS) + 1)), ("", MOST_PAGES)]
)
def test_reading_an_endless_conversation_is_bounded(thread: str, most: int) -> None:
    slack = Endless()
    threads = Threads(slack, "U0")  # type: ignore[arg-type]
    threads.read("C1", thread, "2000000.0")
    assert MOST_PAGES <= slack.pages <= most


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
