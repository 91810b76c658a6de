"""What the agent suggests is safe to be asked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from bot.slack.agent import LONGEST_PROMPT, LONGEST_TITLE, Agent
from tests.bot.slack import NASTIES, WORST, is_hidden


def suggested(questions: list[str]) -> list[dict[str, str]]:
    """What is suggested where these questions are worth asking."""
    found: list[dict[str, str]] = []

    def take(*, prompts: list[dict[str, str]], **_: object) -> None:
        found.extend(prompts)

    desk: Any = SimpleNamespace(worth_asking=lambda count: questions[:count])
    client: Any = SimpleNamespace(assistant_threads_setSuggestedPrompts=take)
    Agent(desk, client).suggest("D1")
    return found


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
