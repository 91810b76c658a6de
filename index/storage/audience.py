"""Which sources the running request may read.

`Store.reading` is the one place that looks here: all that a request reads is an index of these
sources alone, so that no name, count, statistic or label of others is in it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from index.errors import NearsayError

MayRead = Callable[[str], bool]

_may_read: ContextVar[MayRead | None] = ContextVar("may read", default=None)


class NothingToRead(NearsayError):
    """Raised when all sources are hidden from a request."""

    code = "not_readable"

    def __init__(self) -> None:
        super().__init__(
            "No glossary may be read here.",
            "Ask in a direct message or with a command, or ask an admin (NEARSAY_READERS).",
        )


@contextmanager
def reading_as(may_read: MayRead | None) -> Iterator[None]:
    """Read only the sources for which `may_read` holds in the block, on this thread. None is all
    of them, as for the index itself and its admins."""
    before = _may_read.set(may_read)
    try:
        yield
    finally:
        _may_read.reset(before)


def hidden_of(sources: Iterable[str]) -> frozenset[str]:
    """Return those of the sources that the running request may not read."""
    may_read = _may_read.get()
    if may_read is None:
        return frozenset()
    return frozenset(source for source in sources if not may_read(source))
