"""Each delivery is answered once, even if its handler fails."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.spec import Request
from bot.slack.queue.delivery import Delivery, Kind
from bot.slack.queue.inbox import Inbox
from bot.slack.queue.intake import Intake
from bot.slack.queue.worker_pool import (
    MAX_OF_USER,
    TOO_MANY,
    ExpensiveJob,
    RetryLater,
    WorkerPool,
)
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
    intake = Intake(inbox, work, {"command": answer})  # type: ignore[dict-item]
    intake.resume(inbox.take_unanswered())
    wait_until(lambda: not inbox.take_unanswered())
    assert "no number" in caplog.text
    assert work.drain(1)


def test_commands_of_one_user_wait_for_each_other_and_not_for_those_of_others(
    inbox: Inbox,
) -> None:
    work, go, done, told = WorkerPool(2), threading.Event(), list[str](), list[str]()

    def handle(delivery: Delivery) -> None:
        if delivery.user == "U1":
            go.wait(10)
        done.append(delivery.key)

    def ack(text: str = "") -> None:
        told.append(text)

    intake = Intake(inbox, work, {"command": handle, "action": handle})
    for number in range(MAX_OF_USER + 3):
        kind: Kind = "action" if number % 2 else "command"
        intake.take(ack, replace(ASKED, key=f"own {number}", kind=kind))  # type: ignore[arg-type]
    assert told == [*[""] * (MAX_OF_USER + 2), TOO_MANY.format(MAX_OF_USER)]
    reindex = Request("near-admin", "", verb="reindex")
    for number, request in enumerate((None, Request("latent", "", verb="map"), reindex)):
        user = "U1" if request else "U2"
        key = f"other {number}"
        intake.take(ack, replace(ASKED, key=key, user=user, request=request))  # type: ignore[arg-type]
    wait_until(lambda: "other 0" in done)
    go.set()
    wait_until(lambda: len(done) == MAX_OF_USER + 4)
    assert [key for key in done if "own" in key] == [f"own {at}" for at in range(MAX_OF_USER + 1)]
    assert work.drain(1)


def test_at_most_ten_commands_of_a_user_wait_when_they_arrive_at_once(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, go, done = WorkerPool(2), threading.Event(), list[str]()
    notices, recorded = list[str](), threading.Barrier(MAX_OF_USER + 3)
    record = Inbox.record

    def record_together(self: Inbox, delivery: Delivery) -> bool:
        recorded.wait(10)
        return record(self, delivery)

    def handle(delivery: Delivery) -> None:
        go.wait(10)
        done.append(delivery.key)

    def notify(_url: str, text: str, _timeout: float) -> None:
        notices.append(text)

    monkeypatch.setattr(Inbox, "record", record_together)
    monkeypatch.setattr("bot.slack.queue.intake.send_notice", notify)
    intake = Intake(inbox, work, {"command": handle})
    threads = [
        threading.Thread(target=intake.take, args=(print, replace(ASKED, key=f"own {number}")))
        for number in range(MAX_OF_USER + 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert notices == [TOO_MANY.format(MAX_OF_USER)] * 2
    go.set()
    wait_until(lambda: len(done) == MAX_OF_USER + 1)
    assert work.drain(1)
    left = {delivery.key for delivery in inbox.take_unanswered()}
    assert left == {ASKED.key, *done}, "the refused ones are not answered after a restart"


def test_a_reply_that_slack_refuses_does_not_delay_the_next_command_of_its_user() -> None:
    work, done = WorkerPool(1), list[str]()
    later = RetryLater(0.3, lambda: done.append("first"), keeps_lane=False)
    work.submit(lambda: later, "U1")
    work.submit(lambda: done.append("second"), "U1")
    wait_until(lambda: len(done) == 2 and not work.waiting and not work.running)
    assert done == ["second", "first"]
    assert work.drain(1)
