"""The pool behind acknowledgements: what runs is waited for, what has not begun is dropped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from bot.slack.work import Work


@pytest.fixture
def go() -> Iterator[threading.Event]:
    """What the jobs of a test wait for; set at its end, so that no thread stays."""
    event = threading.Event()
    yield event
    event.set()


def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)


def test_jobs_run_on_threads_of_their_own_as_many_at_once_as_there_are(go: threading.Event) -> None:
    work, names = Work(3), list[str]()

    def job() -> None:
        names.append(threading.current_thread().name)
        go.wait(5)

    for _ in range(5):
        work.submit(job)
    until(lambda: len(names) == 3)
    time.sleep(0.05)
    assert len(names) == len(set(names)) == 3
    assert threading.current_thread().name not in names
    go.set()
    until(lambda: len(names) == 5)
    assert work.drain(5) is True


def test_drain_waits_for_what_runs(go: threading.Event) -> None:
    work, done = Work(2), list[int]()

    def job() -> None:
        go.wait(5)
        done.append(1)

    work.submit(job)
    work.submit(job)
    until(lambda: len(work._jobs) == 2)
    threading.Timer(0.2, go.set).start()
    assert work.drain(5) is True
    assert done == [1, 1]


def test_drain_drops_what_has_not_begun(go: threading.Event) -> None:
    work, done, begun = Work(1), list[str](), threading.Event()

    def job() -> None:
        begun.set()
        go.wait(5)
        done.append("running")

    work.submit(job)
    assert begun.wait(5)
    for _ in range(20):
        work.submit(lambda: done.append("queued"))
    threading.Timer(0.1, go.set).start()
    assert work.drain(5) is True
    time.sleep(0.05)
    assert done == ["running"]


def test_drain_waits_no_longer_than_it_is_told(go: threading.Event) -> None:
    work, begun = Work(2), threading.Event()

    def job() -> None:
        begun.set()
        go.wait(10)

    work.submit(job)
    assert begun.wait(5)
    started = time.monotonic()
    assert work.drain(0.3) is False
    assert 0.25 < time.monotonic() - started < 1
    assert work.drain(0) is False
    go.set()
    assert work.drain(5) is True


@pytest.mark.parametrize("jobs", [0, 5], ids=["never used", "all done"])
def test_drain_returns_at_once_when_nothing_runs(jobs: int) -> None:
    work, done = Work(2), list[int]()
    for number in range(jobs):
        work.submit(lambda number=number: done.append(number))  # type: ignore[misc]
    until(lambda: len(done) == jobs)
    started = time.monotonic()
    assert work.drain(5) is True
    assert time.monotonic() - started < 1


def test_a_job_that_fails_is_logged_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    work, done = Work(1), list[int]()

    def fail() -> None:
        raise ValueError("what went wrong")

    with caplog.at_level(logging.ERROR):
        work.submit(fail)
        work.submit(lambda: done.append(1))
        until(lambda: done == [1])
    assert "what went wrong" in caplog.text
    assert work.drain(5) is True


def test_what_ended_is_not_kept() -> None:
    work, done = Work(4), list[int]()
    for number in range(200):
        work.submit(lambda number=number: done.append(number))  # type: ignore[misc]
    until(lambda: len(done) == 200 and not work._jobs)
    assert work.drain(1) is True


def test_work_that_comes_while_draining_does_not_fail(go: threading.Event) -> None:
    work, begun = Work(1), threading.Event()

    def job() -> None:
        begun.set()
        go.wait(5)

    work.submit(job)
    assert begun.wait(5)
    work.drain(0)
    work.submit(lambda: None)  # a listener never raises; the inbox still has the delivery
