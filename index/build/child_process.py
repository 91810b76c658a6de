"""A child process that works for us, gives way to the rest, and ends with us."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any

from threadpoolctl import threadpool_limits

PRELOADED = [
    "index.build.supervisor",
    "chromadb",
    "bm25s",
    "Stemmer",
    "scipy.spatial",
    "sklearn.cluster",
    "sklearn.manifold",
]
NICE = 10  # those who ask and the model get ten times what the child does, where they want it


class Child:
    """A process that does `work(line, *arguments)`; it is started beside what the caller does."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        context = _context()
        self._line, theirs = context.Pipe()
        self._process = context.Process(
            target=work, args=(theirs, *arguments), name=f"nearsay{work.__name__}", daemon=True
        )
        beside = ThreadPoolExecutor(1)
        self._started = beside.submit(self._process.start)
        self._started.add_done_callback(lambda _: theirs.close())
        beside.shutdown(wait=False)

    def send(self, message: object) -> None:
        """What a child that has ended would have said is found by `receive`."""
        self._started.result()
        with suppress(ConnectionError):
            self._line.send(message)

    def receive(self) -> Any:
        """The next of what it says; raises `EOFError` or `ConnectionError` when it has ended."""
        return self._line.recv()

    def status(self) -> int | None:
        """How it ended; None when it has not, after a while."""
        self._process.join(5)
        return self._process.exitcode

    def end(self) -> None:
        """It is gone after this, whatever it was doing."""
        if self._started.exception() is None:
            self._process.kill()
            self._process.join()
        self._line.close()


def stand_back() -> None:
    """Called in a child: it gives way to everybody, and leaves it to its parent when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        os.nice(NICE)
    threadpool_limits(1)  # its other threads began before, and would not stand back


def listen(line: Connection) -> queue.SimpleQueue[Any]:
    """Called in a child: what the parent sends, as it comes. When the parent dies, so does the
    child."""
    messages: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def take() -> None:
        with suppress(EOFError, OSError):
            while True:
                messages.put(line.recv())
        os._exit(1)

    threading.Thread(target=take, daemon=True).start()
    return messages


def _context() -> ForkServerContext | SpawnContext:
    """How a child starts: as a copy of a process that has imported what takes long, where the
    system can; that process is started with the first child, and ends with us."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context
