"""Tests that suggested prompts are safe to send."""

from types import SimpleNamespace
from typing import Any

from bot.slack.handlers.assistant_pane import LONGEST_PROMPT, LONGEST_TITLE, AssistantPane
from tests.unit.bot.slack import NASTIES, is_hidden


def test_prompts_that_are_too_long_or_contain_markup_are_not_suggested() -> None:
    found: list[dict[str, str]] = []
    client: Any = SimpleNamespace(
        assistant_threads_setSuggestedPrompts=lambda prompts, **_: found.extend(prompts)
    )
    for text in ("why " * 50, "x" * (LONGEST_PROMPT + 1), *NASTIES):
        desk: Any = SimpleNamespace(suggested_questions=lambda _, text=text: [text])
        AssistantPane(desk, client).suggest("D1")
    assert found[0]["message"] == ("why " * 50).strip()
    for prompt in found:
        assert not set("<>") & set(prompt["message"])
        assert not any(map(is_hidden, prompt["message"]))
        assert 0 < len(prompt["title"]) <= LONGEST_TITLE
