"""The id of the current request, for the log and for users.

The id is created where a line or a delivery arrives, and is passed on to worker threads. Every log
record has it, and the message about an unexpected error shows it as a reference.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from typing import TypeVar

Result = TypeVar("Result")

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the current request id, eight hexadecimal digits; empty outside a request."""
    return _current.get()


@contextmanager
def request_scope() -> Iterator[str]:
    """Yield the current request id, or set a new one for the duration of the block."""
    if number := _current.get():
        yield number
        return
    token = _current.set(secrets.token_hex(4).upper())
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def propagate(job: Callable[..., Result]) -> Callable[..., Result]:
    """Wrap `job` so that it runs on another thread with the current request id."""
    return partial(copy_context().run, job)
