"""A deadline for the work of one request, checked where work loops.

Work is never interrupted: it stops at the next check, which belongs into each loop whose length a
user chooses. Without a deadline, a check does nothing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from index.errors import DeadlineExceeded

_deadline: ContextVar[tuple[float, float] | None] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Let the checks of this thread fail after `seconds` (None: never), until the block ends."""
    token = _deadline.set(None if seconds is None else (time.monotonic() + seconds, seconds))
    try:
        yield
    finally:
        _deadline.reset(token)


def check_deadline() -> None:
    """Raise `DeadlineExceeded` if the deadline of the current request has passed."""
    current = _deadline.get()
    if current is not None and time.monotonic() > current[0]:
        raise DeadlineExceeded(current[1])
