"""The operating system's requests to a service: to reload its settings, and to stop."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue

STOP = (signal.SIGTERM, signal.SIGINT)
NAMES = ("SIGTERM", "SIGINT", "SIGHUP")  # Windows has no SIGHUP


def receive_signals() -> SimpleQueue[int]:
    """Receive the signals from now on, on the main thread."""
    received: SimpleQueue[int] = SimpleQueue()
    for name in NAMES:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _: received.put(number))
    return received


def reload_requests(received: SimpleQueue[int]) -> Iterator[None]:
    """Yield at each request to reload, until the request to stop."""
    while _next(received) not in STOP:
        yield


def _next(received: SimpleQueue[int]) -> int:
    while True:
        with suppress(Empty):  # a signal that the system gives to another thread wakes nothing
            return received.get(timeout=1)
