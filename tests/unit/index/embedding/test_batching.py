"""Micro-batching: concurrent calls share a batch, and each caller gets its own results."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import pytest

from index.embedding.batching import MAX_CALLS, MicroBatcher
from tests.support.waiting import wait_until


class Doubling:
    """Doubles numbers, and raises for batches with a negative number. The first batch waits for its
    release."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        self.begun.set()
        assert self.may_go_on.wait(10)
        if min(numbers) < 0:
            raise ValueError(f"{min(numbers)} is negative")
        return [2 * number for number in numbers]


def asked_while_one_is_running(run: Doubling, numbers: Sequence[int]) -> list[Future[int]]:
    """Return futures for `numbers`, all submitted while the first is running."""
    together = MicroBatcher(run)
    with ThreadPoolExecutor(len(numbers)) as pool:
        futures = [pool.submit(together, numbers[0])]
        assert run.begun.wait(10)
        futures += [pool.submit(together, number) for number in numbers[1:]]
        wait_until(lambda: len(together._waiting) == len(numbers) - 1)
        run.may_go_on.set()
    return futures


def test_calls_during_a_batch_form_the_next_batch() -> None:
    run = Doubling()
    futures = asked_while_one_is_running(run, range(8))
    assert [future.result() for future in futures] == [2 * number for number in range(8)]
    assert [len(batch) for batch in run.batches] == [1, 7]


def test_batches_have_a_maximum_size() -> None:
    run = Doubling()
    futures = asked_while_one_is_running(run, range(MAX_CALLS + 6))
    assert [future.result() for future in futures] == [2 * n for n in range(MAX_CALLS + 6)]
    assert [len(batch) for batch in run.batches] == [1, MAX_CALLS, 5]


def test_a_failing_call_does_not_fail_the_others() -> None:
    run = Doubling()
    good, bad, *others = asked_while_one_is_running(run, [1, -5, 2, 3])
    assert good.result() == 2
    assert [future.result() for future in others] == [4, 6]
    with pytest.raises(ValueError, match="-5 is negative"):
        bad.result()


def test_waiting_calls_continue_when_the_call_that_runs_the_batch_is_interrupted() -> None:
    interrupted = threading.Event()

    def run(numbers: Sequence[int]) -> list[int]:
        if not interrupted.is_set():
            interrupted.set()
            wait_until(lambda: together._waiting)
            raise KeyboardInterrupt
        return [2 * number for number in numbers]

    together = MicroBatcher(run)

    def lead() -> None:
        with suppress(KeyboardInterrupt):
            together(1)

    leader = threading.Thread(target=lead)
    leader.start()
    assert interrupted.wait(10)
    assert together(2) == 4
    leader.join(10)


def test_a_call_that_leads_before_it_waits_gets_its_result() -> None:
    running, queued = threading.Event(), threading.Event()

    def run(arguments: Sequence[int]) -> Sequence[int]:
        running.set()
        assert queued.wait(10)
        return arguments

    class Pausing:
        """A lock after whose first release by the second call the first call finishes."""

        def __init__(self) -> None:
            self.lock = threading.Lock()

        def __enter__(self) -> None:
            self.lock.acquire()

        def __exit__(self, *_: object) -> None:
            self.lock.release()
            if threading.current_thread().name.startswith("second") and not queued.is_set():
                queued.set()
                first.result(10)

    batcher = MicroBatcher(run)
    batcher._lock = Pausing()  # type: ignore[assignment]
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1, "second") as other:
        first = one.submit(batcher, 1)
        assert running.wait(10)
        assert other.submit(batcher, 2).result(10) == 2
