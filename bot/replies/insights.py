"""The replies about usage, for the glossary's owners."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.entry import Mention
from index.reply import BaseReply


@dataclass(frozen=True, slots=True)
class Gap:
    """A knowledge gap: similar questions that found nothing, or nothing helpful.

    `title` is a term for a possible entry. `questions` counts the questions, `people` the users.
    `examples` are up to two of the questions, verbatim. `nearest` are the nearest entries. `entry`
    is the existing entry of that name, if any, which should then be edited.
    """

    title: str
    questions: int
    people: int
    examples: tuple[str, ...]
    nearest: tuple[Mention, ...]
    entry: Mention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps(BaseReply):
    """The knowledge gaps of the last `days` days, largest first.

    `questions` and `people` are totals, and `total` is the number of gaps. Questions from private
    conversations are not included, unless their users agreed.
    """

    kind: Literal["gaps"] = "gaps"
    days: int
    questions: int
    people: int
    total: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class PlotPeriod:
    """A period in the plot: its first day, and the number of questions asked."""

    day: date
    questions: int


@dataclass(frozen=True, slots=True)
class AskedEntry:
    """An entry that was the first result, with its counts of questions, users and votes."""

    entry: Mention
    questions: int
    people: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class StaleEntry:
    """An entry to review, with the date of its last update, if known, and its votes. `owner` is who
    looks after it, or empty."""

    entry: Mention
    updated: date | None
    helpful: int
    not_helpful: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class PhraseCandidate:
    """A helpful question that could become a search phrase of the entry that answered it. `helpful`
    counts its votes, and `name` is the entry's name in a command."""

    entry: Mention
    name: str
    question: str
    helpful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats(BaseReply):
    """Usage statistics of the last `days` days.

    `answered` counts questions with an answer; `helpful` and `not_helpful` count votes. `median`
    and `p95` are response times in seconds, None if not measured. `plot` counts the questions in
    each period of `stretch` days, oldest first. `top` are the entries that were the first result
    for the most users, and `unasked` the entries that were never the first result. `stale` are the
    entries with more negative than positive votes or an old text. The lists are shortened;
    `unasked_total` and `stale_total` are the full lengths. `phrase_candidates` are questions that
    could become search phrases.

    Questions from private conversations count in the totals only, unless their users agreed.
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
    plot: tuple[PlotPeriod, ...]
    top: tuple[AskedEntry, ...]
    unasked: tuple[Mention, ...]
    unasked_total: int
    stale: tuple[StaleEntry, ...]
    stale_total: int
    phrase_candidates: tuple[PhraseCandidate, ...] = ()
