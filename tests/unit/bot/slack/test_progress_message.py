"""The progress message: one message, updated at intervals, with a final state."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest

from bot.slack import progress_message
from bot.slack.blocks.elements import Message, section
from bot.slack.progress_message import ProgressMessage
from tests.unit.bot.slack import failure

LAST = Message("the end", [section("the end")])


class Slack:
    """A stand-in for Slack: keeps messages and their times, and raises the next of its `faults`."""

    def __init__(self, *faults: Exception | None) -> None:
        self.faults = list(faults)
        self.sent: list[tuple[str, str, str, list[Any] | None]] = []
        self.at: list[float] = []

    def chat_postMessage(self, *, channel: str, text: str, blocks: Any, **_: Any) -> Any:  # noqa: N802
        self._keep("post", channel, text, blocks)
        return {"channel": f"D-{channel}" if channel.startswith("U") else channel, "ts": "1.2"}

    def chat_update(self, *, channel: str, ts: str, text: str, blocks: Any) -> None:
        self._keep("update", channel, text, blocks)

    def _keep(self, what: str, channel: str, text: str, blocks: Any) -> None:
        self.sent.append((what, channel, text, blocks))
        self.at.append(time.monotonic())
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault

    def kinds(self) -> list[str]:
        return [what for what, *_ in self.sent]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_message, "UPDATE_INTERVAL_S", 0.1)


def progress_to(slack: Slack, *channels: str, **options: Any) -> ProgressMessage:
    return ProgressMessage(slack, *channels, **options)  # type: ignore[arg-type]


def test_one_message_is_posted_and_updated_at_intervals() -> None:
    slack = Slack()
    with progress_to(slack, "U1") as message:
        for done in range(100):
            message.report("embedding", done, 100)
            time.sleep(0.005)
    assert message.end(LAST)
    assert slack.kinds() == ["post"] + ["update"] * (len(slack.sent) - 1)
    assert 3 <= len(slack.sent) <= 2 + (slack.at[-1] - slack.at[0]) / 0.1
    assert min(later - earlier for earlier, later in pairwise(slack.at)) >= 0.09
    assert slack.sent[-1][2] == "the end"
    assert all("Reindexing: embedding passages" in text for _, _, text, _ in slack.sent[:-1])


@pytest.mark.parametrize(
    "error",
    [
        failure("ratelimited", 429),
        failure("internal_error"),
        failure("down", 503),
        ConnectionResetError(),
        TimeoutError(),
    ],
    ids=repr,
)
def test_final_update_is_retried_after_transient_errors(error: Exception) -> None:
    slack = Slack(error, error)
    assert progress_to(slack, place=("C1", "1.2")).end(LAST)
    assert slack.kinds() == ["update"] * 3
