"""Progress callbacks."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""A callback that receives the name of a phase, the number of items done, and the total number."""


def no_progress(*_: object) -> None:
    """A progress callback that does nothing."""
