"""Long work gives way to answers.

The threads of a process share one interpreter lock, so there is one courtesy for all of them: who
answers says so (`answering`), and who works long on many things in the same process asks between
two of them whether to wait (`give_way`, `paced`). Those who look for what is near take turns
at computing (`turn`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")

SLICE = 0.0005  # seconds of work between two looks at whether somebody is being answered
LONGEST = 0.01  # seconds of work that are waited for, at most
PATIENCE = 6  # times as long as it worked, work waits at most: it goes on under any load

_lock = threading.Lock()
_idle = threading.Event()
_idle.set()
_answers = 0
_worked = threading.local()

# To be held by who ranks what is near, not while a model or a search is waited for. NumPy lets the
# interpreter lock go at every larger array; threads that take it in turn at each of them get little
# done, and find nothing any more in a processor's own memory.
turn = threading.Lock()


@contextmanager
def answering(count: int = 1) -> Iterator[None]:
    """Somebody is being answered during the block, or as many as `count`."""
    global _answers
    with _lock:
        _answers += count
        _idle.clear()
    try:
        yield
    finally:
        with _lock:
            _answers -= count
            if not _answers:
                _idle.set()


def under_way() -> int:
    """How many are being answered at this moment."""
    return _answers


def give_way() -> None:
    """Waits while somebody is being answered, if this thread has worked for a while since it was
    here last. That costs little where pauses lie between answers."""
    now = time.monotonic()
    since: float = getattr(_worked, "since", now - SLICE)
    if now - since < SLICE:
        return
    if not _idle.is_set():
        _idle.wait(PATIENCE * min(now - since, LONGEST))
        now = time.monotonic()
    _worked.since = now


def paced(items: Iterable[Item]) -> Iterator[Item]:
    """The same items, with a look between them at whether to give way."""
    for item in items:
        yield item
        give_way()
