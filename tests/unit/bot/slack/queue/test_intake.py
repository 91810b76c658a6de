"""Each delivery is answered once, even if its handler fails."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.spec import Request
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.intake import Intake
from bot.slack.queue.worker_pool import ExpensiveJob, RetryLater, WorkerPool
from tests.support.waiting import wait_until

ASKED = Delivery("1.2", "command", "/dev-near rope n=3", "", time.time(), user="U1")


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    opened = Inbox.in_file(tmp_path / "inbox.sqlite3")
    opened.record(ASKED)
    yield opened
    opened.close()


def fail(_: object = None) -> None:
    raise ValueError("no number")


@pytest.mark.parametrize(
    "answer",
    [
        fail,
        lambda _: RetryLater(0.01, fail),
        lambda _: ExpensiveJob("U1", lambda: RetryLater(0.01, fail), wait=print, refuse=print),
    ],
    ids=["at once", "later", "expensive"],
)
def test_failed_delivery_is_not_retried(
    inbox: Inbox, answer: object, caplog: pytest.LogCaptureFixture
) -> None:
    work = WorkerPool(1)
    intake = Intake(inbox, work, {"command": answer}, "dev-")  # type: ignore[dict-item]
    intake.resume(inbox.take_unanswered())
    wait_until(lambda: not inbox.take_unanswered())
    assert "no number" in caplog.text
    assert work.drain(1)


def test_delivery_recorded_by_version_0_1_0_is_parsed(inbox: Inbox) -> None:
    taken: list[Delivery] = []
    work = WorkerPool(1)
    inbox.record(replace(ASKED, key="1.3", line="a rope", kind="question"))
    keep = taken.append
    intake = Intake(inbox, work, {"command": keep, "question": keep}, "dev-")
    intake.resume(inbox.take_unanswered())
    wait_until(lambda: len(taken) == 2)
    assert [item.request for item in taken] == [Request("near", "rope", {"n": 3}), None]
    assert work.drain(1)
