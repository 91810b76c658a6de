"""Faults on demand: Web API failures for the next calls of a method, or for all calls.

A fault is an HTTP status (429 with any `Retry-After`, 500, 503 …), an `ok: false` answer with an
error code, a connection closed without an answer, or no answer at all. It can be delayed, or
consist only of a delay. With `after=True`, the call takes effect first and only its answer is lost,
which can make an app post twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType

from tests.fake_slack.state import State


@dataclass
class Fault:
    """A fault. Used as a context manager, it ends with the block.

    `times` is the number of calls left, or None for no limit; `hits` counts the affected calls. The
    answer is replaced by an HTTP `status`, an `ok: false` with `error`, a
    closed connection (`close`), or nothing (`hang`), after `delay` seconds. With `after`, the call
    takes effect first. `retry_after` is in seconds, a date, or any text.
    """

    state: State
    method: str
    times: int | None = 1
    status: int | None = None
    retry_after: float | str | datetime | None = None
    error: str | None = None
    delay: float = 0.0
    close: bool = False
    hang: bool = False
    after: bool = False
    hits: int = 0

    @property
    def name(self) -> str:
        """The fault's name in the record of a call."""
        what = "close" if self.close else "hang" if self.hang else self.error or self.status
        return f"fault:{what}"

    @property
    def answers(self) -> bool:
        """Whether the fault replaces the method's own answer."""
        return bool(self.close or self.hang or self.error or self.status)

    def headers(self) -> dict[str, str]:
        """Return the `Retry-After` header: a number, an HTTP date or any text; empty if unset."""
        after = self.retry_after
        if after is None:
            return {}
        if isinstance(after, datetime):
            after = format_datetime(after.astimezone(UTC), usegmt=True)
        elif not isinstance(after, str):
            after = str(int(after)) if after == int(after) else str(after)
        return {"Retry-After": after}

    def clear(self) -> None:
        """End the fault now."""
        with self.state.change():
            self.times = 0

    def __enter__(self) -> Fault:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()


class Faults:
    """The pending faults, oldest first."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        if fault.hang and fault.close:
            raise ValueError("a fault either hangs or closes the connection, not both")
        with self.state.change():
            self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """End all faults."""
        with self.state.change():
            self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault that applies to this call, if any, and decrement its count."""
        with self.state.change():
            self._waiting = [f for f in self._waiting if f.times != 0]
            for fault in self._waiting:
                if fault.method in (method, "*"):
                    fault.hits += 1
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
            return None
