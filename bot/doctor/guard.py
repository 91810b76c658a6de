"""Turn the exceptions that a check raises into findings."""

from collections.abc import Callable, Iterator

from bot.replies.base import Check
from index.errors import NearsayError


def guarded(name: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    """Return the checks that `look` yields. If it raises, the last check reports the error."""
    found: list[Check] = []
    try:
        found.extend(look())
    except NearsayError as error:
        found.append(Check(name, "error", error.message, error.hint))
    except Exception as error:
        message = f"The check failed ({type(error).__name__}: {error})."
        found.append(
            Check(name, "error", message, "This is a bug in Nearsay: report it with this message.")
        )
    return found
