"""What the agent suggests is safe to be asked, and whatever Slack says to it is no matter."""

from __future__ import annotations

import time
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.agent import LONGEST_PROMPT, LONGEST_TITLE, WORKING, Agent
from bot.slack.queue.delivery import Delivery
from tests.bot.slack import NASTIES, WORST, is_hidden


class Client:
    """Takes what is said to Slack; with `refuses` it takes nothing."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.said: list[dict[str, Any]] = []
        self._refuses = refuses

    def _take(self, **said: Any) -> None:
        self.said.append(said)
        if self._refuses:
            raise SlackApiError("no", {"ok": False})  # type: ignore[no-untyped-call]

    assistant_threads_setSuggestedPrompts = _take  # noqa: N815
    assistant_threads_setStatus = _take  # noqa: N815


class Desk:
    """Knows what is asked most."""

    def __init__(self, questions: list[str]) -> None:
        self._questions = questions

    def worth_asking(self, count: int) -> list[str]:
        return self._questions[:count]


def suggested(questions: list[str], client: Client | None = None) -> list[dict[str, str]]:
    """What is suggested where these questions are worth asking."""
    client = client or Client()
    Agent(Desk(questions), client).suggest("D1")  # type: ignore[arg-type]
    return client.said[-1]["prompts"] if client.said else []


def delivery(channel: str, *, thread: str = "", message: str = "2.0") -> Delivery:
    fields = {"channel": channel, "thread": thread, "message": message}
    return Delivery("k", "question", "why?", "", time.time(), **fields)  # type: ignore[arg-type]


def statuses(asked: Delivery, *, refuses: bool = False) -> list[tuple[str, str]]:
    """The threads and statuses that are said around an answer."""
    client = Client(refuses=refuses)
    with Agent(Desk([]), client).working(asked):  # type: ignore[arg-type]
        client.said.append({"thread_ts": "", "status": "the answer"})
    return [(said["thread_ts"], said["status"]) for said in client.said]


def test_a_long_question_is_cut_in_its_title_alone_and_a_longer_one_left_out() -> None:
    (found,) = suggested(["why " * 50, "x" * (LONGEST_PROMPT + 1)])
    assert found["message"] == ("why " * 50).strip()
    assert len(found["title"]) <= LONGEST_TITLE


def test_nothing_is_suggested_that_would_be_live_when_it_is_asked() -> None:
    for text in (*NASTIES, *(make(200) for make in WORST.values())):
        for prompt in suggested([text]):
            assert not set("<>") & set(prompt["message"])
            assert not any(map(is_hidden, prompt["message"]))
            assert prompt["title"]


def test_what_slack_does_not_take_is_no_matter() -> None:
    client = Client(refuses=True)
    suggested(["why?"], client)
    assert len(client.said) == 1
    assert statuses(delivery("D1"), refuses=True)[1] == ("", "the answer")


def test_where_the_answer_fails_the_status_is_left_to_the_next_attempt() -> None:
    client = Client()
    with (
        pytest.raises(OSError, match="gone"),
        Agent(Desk([]), client).working(delivery("D1")),  # type: ignore[arg-type]
    ):
        raise OSError("gone")
    assert [said["status"] for said in client.said] == [WORKING]
