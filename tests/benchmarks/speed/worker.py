"""A contender in a process of its own, so that each has its memory, its threads and its
interpreter for itself; it is asked through a pipe and timed at its end."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from index.errors import NearsayError
from index.text import one_line
from tests.benchmarks.speed.contender import Way, Ways, resident
from tests.benchmarks.speed.place import Place
from tests.benchmarks.speed.times import Batch

logger = logging.getLogger(__name__)

LONGEST_END = 2.0  # seconds; one that is idle has ended by then

Open = Callable[[Place], Ways]
"""Gets a contender ready in its process, once it has answered, and gives the ways to ask it."""


class ContenderFailed(NearsayError):
    """A contender could not be made ready, or ended while it was asked."""

    code = "bench"


class Worker:
    """A contender that runs in a child process; `wait` returns once it is ready."""

    def __init__(self, name: str, opened: Open, place: Place) -> None:
        """Starts to get ready, beside what the caller does."""
        self.name = name
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(
            target=_work, args=(theirs, opened, place), name=f"bench {name}", daemon=True
        )
        self._process.start()
        theirs.close()

    def wait(self) -> None:
        """Waits until it is ready. Raises `ContenderFailed` when it cannot be made so."""
        self._receive()

    def ask(self, way: Way, questions: Sequence[object], at_once: int = 1) -> Batch:
        batch: Batch = self._do(("ask", way, list(questions), at_once))
        return batch

    def memory(self) -> int | None:
        held: int | None = self._do(("memory",))
        return held

    def end(self) -> None:
        """It is gone after this, whatever it was doing."""
        self._line.close()
        self._process.join(LONGEST_END)
        self._process.kill()
        self._process.join()

    def _do(self, order: tuple[object, ...]) -> Any:
        self._line.send(order)
        return self._receive()

    def _receive(self) -> Any:
        try:
            went_well, content = self._line.recv()
        except (EOFError, ConnectionError) as error:
            self._process.join(5)
            raise ContenderFailed(
                f"{self.name} ended while it was measured (status {self._process.exitcode}).",
                "The machine may have too little memory: name fewer --passages.",
            ) from error
        if not went_well:
            sentence, trace = content
            logger.error("%s failed\n%s", self.name, trace)
            raise ContenderFailed(f"{self.name} cannot be measured: {sentence}", "See the log.")
        return content


def timed(calls: Sequence[Callable[[], object]], at_once: int) -> Batch:
    """Makes every call, from so many threads at once, and times each."""

    def one(call: Callable[[], object]) -> float:
        begun = time.perf_counter()
        call()
        return time.perf_counter() - begun

    if at_once == 1:
        begun = time.perf_counter()
        seconds = [one(call) for call in calls]
        return Batch(seconds, time.perf_counter() - begun)
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(lambda _: time.sleep(0.01), range(at_once)))  # so that all have begun
        begun = time.perf_counter()
        seconds = list(threads.map(one, calls))
        return Batch(seconds, time.perf_counter() - begun)


def _work(line: Connection, opened: Open, place: Place) -> None:
    """What the child does: it gets ready, and then what it is told until nobody is there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop
    _be_quiet()
    try:
        ways = opened(place)
    except Exception as error:
        line.send(_failure(error))
        return
    line.send((True, None))
    while True:
        try:
            order, *content = line.recv()
        except (EOFError, ConnectionError):
            return
        if order == "memory":
            line.send((True, resident()))
            continue
        way, questions, at_once = content
        try:
            line.send((True, timed([ways[way](question) for question in questions], at_once)))
        except Exception as error:
            line.send(_failure(error))


def _failure(error: Exception) -> tuple[bool, tuple[str, str]]:
    return False, (one_line(str(error)) or type(error).__name__, traceback.format_exc())


def _be_quiet() -> None:
    """Libraries tell of their loading, each in its way; nobody would read it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
