"""Calls that come at the same time are worked off together.

A model or an index that is asked for many things at once needs much less time than for one after
the other. Whoever finds nobody at work begins, and what comes meanwhile makes up the next batch.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Result = TypeVar("Result")

LARGEST = 32  # calls worked off together, at most


class _Call(Generic[Asked, Result]):
    """What one caller asks for, and what comes of it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.results: list[Result] = []  # one, or none where its batch failed
        # Let go of once its batch has been worked off, and before that if it is to lead the next.
        self.waits = threading.Lock()
        self.waits.acquire()
        self.leads = False


class MicroBatcher(Generic[Asked, Result]):
    """Threads call it with one thing each; `run` gets what several asked for and gives as many
    results, in their order. No two batches run at the same time."""

    def __init__(self, run: Callable[[Sequence[Asked]], Sequence[Result]]) -> None:
        self._run = run
        self._lock = threading.Lock()  # of the fields below
        self._waiting: deque[_Call[Asked, Result]] = deque()
        self._busy = False

    def __call__(self, asked: Asked) -> Result:
        """The result of `asked`, or what `run` raises for it: where a batch fails, each caller
        asks again alone, so that nobody pays for what another asked."""
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
        """Works off what is waiting, of which the leader's own call is the first, and hands over
        to the first that came meanwhile."""
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
    """A lock that whoever gives it back cannot take again while somebody waits for it.

    `threading.Lock` goes to whoever is quickest, which is mostly the thread that has just given it
    back: one that works through many batches would have it all the time. Not reentrant.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = threading.Lock()  # held by the one who waits

    def __enter__(self) -> None:
        with self._next:
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
