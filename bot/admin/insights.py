"""The replies that tell the glossary's owners what people ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.space.results import Mention


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that found nothing, or nothing helpful, and ask for one thing.

    `title` is what an entry on it might be called; `questions` is how often it was asked, `people`
    by how many; `examples` are up to two of the questions as they were asked. `nearest` are the
    entries that lie nearest to it; `entry` is the one that has this name already, where there is
    one, so that it is to be mended and not to be written.
    """

    title: str
    questions: int
    people: int
    examples: tuple[str, ...]
    nearest: tuple[Mention, ...]
    entry: Mention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """What people asked in the last `days` days and did not find, the largest gaps first.

    `questions` and `people` count what was missed in all, `total` how many gaps there are.
    Questions from private conversations are not among them, unless the asker agreed.
    """

    kind: Literal["gaps"] = "gaps"
    generation: str | None
    model: str
    days: int
    questions: int
    people: int
    total: int
    gaps: tuple[Gap, ...]
