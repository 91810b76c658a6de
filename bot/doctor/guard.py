"""A look at something, of which a failure is a finding too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.replies.base import Check
from index.errors import NearsayError


def guarded(name: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    """The checks of `look`; one that fails itself is an error too, and stops no other. What was
    found before it failed stays."""
    found: list[Check] = []
    try:
        found.extend(look())
    except NearsayError as error:
        found.append(Check(name, "error", error.message, error.hint))
    except Exception as error:
        told = f"This could not be looked at ({type(error).__name__}: {error})."
        found.append(Check(name, "error", told, "Report it with these words: nobody foresaw it."))
    return found
