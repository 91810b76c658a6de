"""Tests that reading a conversation is bounded, regardless of its length."""

from typing import Any

import pytest

from bot.slack.threads import MOST_PAGES, STEPS, Threads


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
