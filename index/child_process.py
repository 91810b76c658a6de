"""A child process that does background work at low priority and exits with its parent."""

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

PRELOADED = ["index.indexing.supervisor", "index.indexing.worker"]
NICE = 10  # niceness of the child: queries and the model get about ten times its CPU share


class Child:
    """A child process that runs `work(connection, *arguments)`. Creating it does not block. With
    `spawn`, it starts without the fork server, whose own start takes seconds."""

    def __init__(self, work: Callable[..., None], *arguments: object, spawn: bool = False) -> None:
        context = multiprocessing.get_context("spawn") if spawn else _context()
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=work, args=(theirs, *arguments), name=f"nearsay{work.__name__}", daemon=True
        )
        executor = ThreadPoolExecutor(1)
        self._started = executor.submit(self._process.start)
        self._started.add_done_callback(lambda _: theirs.close())
        executor.shutdown(wait=False)

    def send(self, message: object) -> None:
        """Send a message. If the child has exited, the next `receive` raises."""
        self._started.result()
        with suppress(ConnectionError):
            self._connection.send(message)

    def receive(self, seconds: float | None = None) -> Any:
        """Return the next message. Raises `TimeoutError` if there is none after `seconds`, and
        `EOFError` or `ConnectionError` once the child exits."""
        if not self._connection.poll(seconds):
            raise TimeoutError
        return self._connection.recv()

    def status(self) -> int | None:
        """Return the exit status, or None if the child is still running after five seconds."""
        self._process.join(5)
        return self._process.exitcode

    def kill(self) -> None:
        """Kill the child and wait until it has exited."""
        if self._started.exception() is None:
            self._process.kill()
            self._process.join()
        self._connection.close()


def lower_priority() -> None:
    """Lower the priority of the child process, and leave Ctrl+C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        os.nice(NICE)
    threadpool_limits(1)  # BLAS threads started earlier keep the old priority


def listen(connection: Connection) -> queue.SimpleQueue[Any]:
    """Return a queue of messages from the parent. Called in the child process, which exits when the
    connection closes."""
    messages: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def take() -> None:
        with suppress(EOFError, OSError):
            while True:
                messages.put(connection.recv())
        os._exit(1)

    threading.Thread(target=take, daemon=True).start()
    return messages


def _context() -> ForkServerContext | SpawnContext:
    """Return the process context: a fork server with slow imports preloaded, if supported."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context
