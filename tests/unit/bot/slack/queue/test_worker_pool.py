"""The worker pool: shutdown waits for running jobs and drops queued ones."""

import threading
import time
from collections.abc import Iterator

import pytest

from bot.slack.queue.worker_pool import MAX_JOBS, ExpensiveJob, RetryLater, WorkerPool
from tests.support.waiting import wait_until


@pytest.fixture
def go() -> Iterator[threading.Event]:
    """Provide an event that jobs wait for; it is set at the end, so that all threads finish."""
    event = threading.Event()
    yield event
    event.set()


def test_drain_waits_for_running_jobs_and_drops_queued_ones(go: threading.Event) -> None:
    work, done, begun = WorkerPool(1), list[str](), threading.Event()

    def job() -> None:
        begun.set()
        go.wait(10)
        done.append("running")

    work.submit(lambda: RetryLater(0.3, lambda: done.append("later")))
    work.submit(job)
    for _ in range(3):
        work.submit(lambda: done.append("queued"))
    assert begun.wait(5)
    assert (work.running, work.waiting) == (1, 4)
    started = time.monotonic()
    assert work.drain(0.2) is False
    assert time.monotonic() - started > 0.15
    work.submit(lambda: done.append("too late"))  # rejected without an exception
    go.set()
    assert work.drain(5) is True
    time.sleep(0.2)
    assert done == ["running"]


def test_jobs_in_a_lane_run_in_order_and_lanes_run_in_parallel(go: threading.Event) -> None:
    work, done, at_once = WorkerPool(4), list[str](), list[int]()
    inside = [0]

    def job(name: str) -> None:
        inside[0] += 1
        at_once.append(inside[0])
        if name == "a0":
            go.wait(5)
        time.sleep(0.002)
        inside[0] -= 1
        done.append(name)

    for number in range(10):
        work.submit(lambda number=number: job(f"a{number}"), "a")  # type: ignore[misc]
    work.submit(lambda: done.append("b"), "b")
    work.submit(lambda: done.append("no lane"))
    wait_until(lambda: {"b", "no lane"} <= set(done))
    go.set()
    wait_until(lambda: len(done) == 12)
    assert [name for name in done if name[0] == "a"] == [f"a{number}" for number in range(10)]
    assert max(at_once) == 1
    wait_until(lambda: not work._lanes)
    assert work.drain(5) is True


def test_a_job_waiting_for_its_retry_blocks_its_lane_but_no_thread() -> None:
    work, done, took = WorkerPool(1), list[str](), list[float]()
    asked, submitted = time.monotonic(), threading.Event()

    def first() -> RetryLater:
        submitted.wait(5)
        return RetryLater(0.2, second)

    def second() -> None:
        done.append("first")
        took.append(time.monotonic() - asked)

    work.submit(first, "a")
    work.submit(lambda: done.append("next of the lane"), "a")
    work.submit(lambda: done.append("other"))
    submitted.set()
    wait_until(lambda: len(done) == 3)
    assert done == ["other", "first", "next of the lane"]
    assert took[0] >= 0.2
    assert work.drain(5) is True


def test_the_queue_is_bounded_and_a_failed_job_unblocks_its_lane(
    go: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    work, done = WorkerPool(1), list[int]()
    work.submit(lambda: go.wait(5))
    for number in range(MAX_JOBS - 2):
        work.submit(lambda number=number: done.append(1 // number), "a")  # type: ignore[misc]
    full = [work.full]
    work.submit(lambda: None)
    full.append(work.full)
    go.set()
    wait_until(lambda: len(done) == MAX_JOBS - 3 and not work.running)
    assert [*full, work.full] == [False, True, False]
    assert "a job failed" in caplog.text
    assert work.drain(5) is True


def test_a_failed_expensive_command_frees_its_slot(caplog: pytest.LogCaptureFixture) -> None:
    work, done = WorkerPool(2), list[int]()

    def fail() -> None:
        raise ValueError("what went wrong")

    def note(why: str) -> None:
        raise ValueError(why)

    for job in (fail, lambda: RetryLater(0.01, lambda: done.append(1)), lambda: done.append(2)):
        command = ExpensiveJob("a", job, wait=note, refuse=note)
        work.submit(lambda command=command: command)  # type: ignore[misc]
    wait_until(lambda: sorted(done) == [1, 2])
    assert "what went wrong" in caplog.text
    assert work.drain(5) is True
