"""Dynamic batching of concurrent calls.

A model or an index is much faster on one batch than on single calls. The first caller runs at once;
calls that arrive while it runs form the next batch.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Result = TypeVar("Result")

LARGEST = 32  # calls per batch


class _Call(Generic[Asked, Result]):
    """One caller's argument and its result."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.results: list[Result] = []  # one result, or none when the batch failed
        # Released when the batch is done, or when this call is to lead the next one.
        self.waits = threading.Lock()
        self.waits.acquire()
        self.leads = False


class MicroBatcher(Generic[Asked, Result]):
    """Batches calls from several threads.

    Each call passes one argument. `run` gets a batch of them and returns as many results, in order.
    Batches never run concurrently.
    """

    def __init__(self, run: Callable[[Sequence[Asked]], Sequence[Result]]) -> None:
        self._run = run
        self._lock = threading.Lock()  # guards the fields below
        self._waiting: deque[_Call[Asked, Result]] = deque()
        self._busy = False

    def __call__(self, asked: Asked) -> Result:
        """Return the result of `asked`, or raise what `run` raises for it.

        When a batch fails, each of its calls is run again by itself, so that one cannot fail the
        others.
        """
        call = _Call[Asked, Result](asked)
        with self._lock:
            self._waiting.append(call)
            call.leads, self._busy = not self._busy, True
        if not call.leads:
            call.waits.acquire()
        if call.leads:
            self._lead()
        return call.results[0] if call.results else self._run([asked])[0]

    def _lead(self) -> None:
        """Run a batch, with the leader's own call first, then pass the lead to the next waiting
        call."""
        batch: list[_Call[Asked, Result]] = []
        try:
            with self._lock:
                count = min(len(self._waiting), LARGEST)
                batch += [self._waiting.popleft() for _ in range(count)]
            results = self._run([call.asked for call in batch])
            for call, result in zip(batch, results, strict=True):
                call.results.append(result)
        except Exception:
            if len(batch) == 1:
                raise
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for call in batch:
                call.waits.release()
            if following is not None:
                following.leads = True
                following.waits.release()


class FairLock:
    """A lock that its last holder cannot take again while another thread waits. Not reentrant.

    `threading.Lock` mostly goes back to the thread that has just released it, so a thread with many
    batches would starve the others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = threading.Lock()

    def __enter__(self) -> None:
        with self._next:
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
