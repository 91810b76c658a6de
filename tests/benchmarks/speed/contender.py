"""What is measured: something that answers questions in ways that have names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from tests.benchmarks.speed.times import Batch

Way = Literal["plain", "filtered", "forward", "encode", "documents"]
"""How a contender is asked: for what is near a text, `plain` or `filtered` to one category; for
the model's `forward` pass alone or `encode` of a text; for the vectors of many `documents`."""
Ways = dict[Way, Callable[[Any], Callable[[], object]]]
"""By the way of asking, what makes of a question the call that is timed."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text, the category that a filtered question is limited to, and the row of the vector that
    stands for the text where no model is asked."""

    text: str
    category: str
    row: int


class Contender(Protocol):
    """Something that is asked, and timed where it runs."""

    name: str

    def ask(self, way: Way, questions: Sequence[object], at_once: int = 1) -> Batch:
        """Asks every question, so many at once, and times each."""

    def memory(self) -> int | None:
        """The bytes of memory that its process holds; None where the system does not say."""


def resident(process: int | str = "self") -> int | None:
    """The bytes of memory that a process holds; None where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    held = [line.split()[1] for line in lines.splitlines() if line.startswith("VmRSS:")]
    return int(held[0]) * 1024 if held else None
