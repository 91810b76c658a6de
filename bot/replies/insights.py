"""The replies that tell the glossary's owners what people ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.entry import Mention
from index.reply import BaseReply


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
class Gaps(BaseReply):
    """What people asked in the last `days` days and did not find, the largest gaps first.

    `questions` and `people` count what was missed in all, `total` how many gaps there are.
    Questions from private conversations are not among them, unless the asker agreed.
    """

    kind: Literal["gaps"] = "gaps"
    days: int
    questions: int
    people: int
    total: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days in a row, from `day` on, and how many questions were asked in them."""

    day: date
    questions: int


@dataclass(frozen=True, slots=True)
class AskedEntry:
    """An entry that was shown first: how often, to how many people, and how many votes call that
    helpful, or not."""

    entry: Mention
    questions: int
    people: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry that may need to be looked at: when it was written, if that is known, and how many
    votes call what it was shown for helpful, or not."""

    entry: Mention
    updated: date | None
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class PhraseCandidate:
    """A question whose answer from one entry `helpful` people call helpful, so that it could become
    a search phrase of that entry; `name` is what the entry is called in a command."""

    entry: Mention
    name: str
    question: str
    helpful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats(BaseReply):
    """What was asked in the last `days` days, in numbers.

    `answered` counts the questions that were; `helpful` and `not_helpful` count votes. `median` and
    `p95` are seconds from being asked to being answered, None where that was not measured. `plot`
    has every stretch of `stretch` days, the oldest first. `top` are the entries that most people
    were shown first, `unasked` those that nobody was, `stale` those voted down or old; the first
    few of each, with how many there are. `phrase_candidates` are a few questions that could become
    search phrases. Questions from private conversations are counted in the
    sums alone, unless the asker agreed.
    """

    kind: Literal["stats"] = "stats"
    days: int
    questions: int
    people: int
    answered: int
    helpful: int
    not_helpful: int
    median: float | None
    p95: float | None
    stretch: int
    plot: tuple[Stretch, ...]
    top: tuple[AskedEntry, ...]
    unasked: tuple[Mention, ...]
    unasked_total: int
    stale: tuple[Stale, ...]
    stale_total: int
    phrase_candidates: tuple[PhraseCandidate, ...] = ()
