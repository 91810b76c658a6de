"""The message that shows the progress of a task."""

import time
from typing import Any

import pytest

from bot.slack import progress_message
from bot.slack.blocks.admin import note
from bot.slack.progress_message import PROGRESS_INTERVAL_S, ProgressMessage


class Slack:
    """A stand-in for Slack that counts calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def chat_postMessage(self, **_: Any) -> dict[str, Any]:  # noqa: N802
        self.calls.append("post")
        return {"channel": "D1", "ts": "1.0"}

    def chat_update(self, **_: Any) -> None:
        self.calls.append("update")


def test_progress_is_shown_rarely_and_the_outcome_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PROGRESS_INTERVAL_S == 3, "a method may be called 50 times a minute, by all tasks"
    monkeypatch.setattr(progress_message, "PROGRESS_INTERVAL_S", 0.2)
    monkeypatch.setattr(progress_message, "UPDATE_INTERVAL_S", 0.01)
    slack = Slack()
    began = time.monotonic()
    with ProgressMessage(slack, "U1") as shown:  # type: ignore[arg-type]
        for done in range(50):
            shown.report("embedding", done, 50)
            time.sleep(0.01)
    assert 2 <= len(slack.calls) <= (time.monotonic() - began) / 0.2 + 2
    monkeypatch.setattr(progress_message, "PROGRESS_INTERVAL_S", 60)
    before = time.monotonic()
    assert shown.end(note("Done."))
    assert time.monotonic() - before < 10, "the outcome does not wait for the interval"
    assert slack.calls[0] == "post"
    assert slack.calls[-1] == "update"
