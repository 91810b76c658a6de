"""Dynamic batching of concurrent calls.

A model or an index is much faster on one batch than on single calls. The first caller runs at once;
calls that arrive while it runs form the next batch.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")

MAX_CALLS = 32  # per batch; a call may have any number of texts, and the model's own batches differ


class _Call(Generic[Argument, Result]):
    def __init__(self, argument: Argument) -> None:
        self.argument = argument
        self.results: list[Result] = []  # one result, or none when the batch failed
        # Released when the batch is done, or when this call becomes the leader of the next one.
        self.waits = threading.Lock()
        self.waits.acquire()
        self.leads = False


class MicroBatcher(Generic[Argument, Result]):
    """Batches calls from several threads; batches never run concurrently.

    `run` receives the arguments of a batch of calls, and returns one result for each, in order.
    """

    def __init__(self, run: Callable[[Sequence[Argument]], Sequence[Result]]) -> None:
        self._run = run
        self._lock = threading.Lock()  # guards the fields below
        self._waiting: deque[_Call[Argument, Result]] = deque()
        self._busy = False

    def __call__(self, argument: Argument) -> Result:
        """Return the result for `argument`, or raise the exception that `run` raises for it.

        When a batch fails, each of its calls is run again on its own, so that one bad call does not
        affect the others.
        """
        call = _Call[Argument, Result](argument)
        with self._lock:
            self._waiting.append(call)
            is_first = call.leads = not self._busy
            self._busy = True
        if not is_first:  # not `call.leads`, which another thread may have set by now
            call.waits.acquire()
        if call.leads:
            self._lead()
        return call.results[0] if call.results else self._run([argument])[0]

    def _lead(self) -> None:
        """Run up to `MAX_CALLS` waiting calls as one batch, then let the next waiting call lead."""
        batch: list[_Call[Argument, Result]] = []
        try:
            with self._lock:
                count = min(len(self._waiting), MAX_CALLS)
                batch += [self._waiting.popleft() for _ in range(count)]
            results = self._run([call.argument for call in batch])
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
    """A lock that its last holder cannot acquire again while another thread waits. Not reentrant.

    A `threading.Lock` is usually acquired by the thread that has just released it, so a thread with
    many batches would starve the others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = threading.Lock()

    def __enter__(self) -> None:
        with self._next:
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
