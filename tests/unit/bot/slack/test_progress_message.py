"""Tests of the progress message, which is updated at intervals until its final state."""

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
    """A stand-in for Slack that records messages and their times, and raises `faults` in turn."""

    def __init__(self, *faults: Exception | None) -> None:
        self.faults = list(faults)
        self.sent: list[tuple[str, str]] = []
        self.at: list[float] = []

    def chat_postMessage(self, *, channel: str, text: str, **_: Any) -> Any:  # noqa: N802
        self._keep("post", text)
        return {"channel": channel, "ts": "1.2"}

    def chat_update(self, *, text: str, **_: Any) -> None:
        self._keep("update", text)

    def _keep(self, what: str, text: str) -> None:
        self.sent.append((what, text))
        self.at.append(time.monotonic())
        if self.faults and (fault := self.faults.pop(0)):
            raise fault

    def kinds(self) -> list[str]:
        return [what for what, _ in self.sent]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_message, "UPDATE_INTERVAL_S", 0.1)


def test_one_message_is_posted_and_updated_at_intervals() -> None:
    slack = Slack()
    with ProgressMessage(slack, "U1") as message:  # type: ignore[arg-type]
        for done in range(100):
            message.report("embedding", done, 100)
            time.sleep(0.005)
    assert message.end(LAST)
    assert slack.kinds() == ["post"] + ["update"] * (len(slack.sent) - 1)
    assert 3 <= len(slack.sent) <= 2 + (slack.at[-1] - slack.at[0]) / 0.1
    assert min(later - earlier for earlier, later in pairwise(slack.at)) >= 0.09
    assert slack.sent[-1][1] == "the end"
    assert all("Reindexing: embedding passages" in text for _, text in slack.sent[:-1])


@pytest.mark.parametrize(
    "error", [failure("ratelimited", 429), failure("down", 503), TimeoutError()], ids=repr
)
def test_final_update_is_retried_after_transient_errors(error: Exception) -> None:
    slack = Slack(error, error)
    assert ProgressMessage(slack, place=("C1", "1.2")).end(LAST)  # type: ignore[arg-type]
    assert slack.kinds() == ["update"] * 3
