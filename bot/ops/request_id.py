"""The number of the request that is being worked on, for the log and for people.

It is made where a line or a delivery comes in, follows the work from thread to thread, stands in
every log record of it, and is the reference that a person is shown when something goes wrong.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Eight hexadecimal digits; empty where no request is worked on."""
    return _current.get()


@contextmanager
def request_scope() -> Iterator[str]:
    """Within the block there is a number: the one there was, or a new one."""
    if number := _current.get():
        yield number
        return
    token = _current.set(secrets.token_hex(4).upper())
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def propagate(job: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """`job`, which will run on another thread under the number that is current here."""
    context = copy_context()

    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> Result:
        return context.run(job, *arguments, **options)

    return run
