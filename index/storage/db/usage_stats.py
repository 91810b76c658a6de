"""Statistics on questions and votes, aggregated over people."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select

from index.storage.db.part import LedgerPart, from_row
from index.storage.db.questions import OPEN_PLACES
from index.storage.db.schema import questions, votes

DAY = 86_400  # seconds
MAX_MISSED = 20_000  # maximum number of questions read, latest first
MAX_HELPED = 500  # maximum number of questions read, most votes first

_HELPFUL = func.count().filter(votes.c.helpful)
_NOT_HELPFUL = func.count().filter(~votes.c.helpful)


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """A question without a helpful answer. `by_name` is true if it asked for a named entry."""

    text: str
    person: str
    at: datetime
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Latency:
    """Median and 95th percentile of the time to answer, in seconds, over `measured` answers."""

    measured: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """Counts for an entry: the questions that showed it first, the people who asked, and votes."""

    entry: str
    questions: int
    people: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class HelpfulAnswer:
    """A question whose answer cites a single entry, and the number of helpful votes."""

    text: str
    entry: str
    helpful: int


class UsageStats(LedgerPart):
    def missed(self, since: datetime, *, in_public_only: bool = False) -> list[MissedQuestion]:
        """Return the questions since a time that have no answer, or at least as many unhelpful
        votes as helpful ones, latest first. Unless `in_public_only`, includes questions from a
        terminal and private questions shared with the owners."""
        unhelpful = (
            select(votes.c.question)
            .group_by(votes.c.question)
            .having(_NOT_HELPFUL > 0, _NOT_HELPFUL >= _HELPFUL)
        )
        chosen = (
            select(questions.c.text, questions.c.person, questions.c.at, questions.c.outcome)
            .where(
                questions.c.at >= since.timestamp(),
                questions.c.place == "public" if in_public_only else _may_be_seen(),
                or_(questions.c.outcome != "answered", questions.c.id.in_(unhelpful)),
            )
            .order_by(questions.c.at.desc(), questions.c.id)
            .limit(MAX_MISSED)
        )
        return [
            from_row(MissedQuestion, row, by_name=row["outcome"] == "unknown")
            for row in self._database.rows(chosen)
        ]

    def latency(self, since: datetime) -> Latency | None:
        """Return the latency of answers since a time, or None if none was measured."""
        measured = and_(questions.c.at >= since.timestamp(), questions.c.seconds.is_not(None))
        with self._database.reading() as connection:
            count = connection.execute(select(func.count()).where(measured)).scalar_one()
            if not count:
                return None
            in_order = select(questions.c.seconds).where(measured).order_by(questions.c.seconds)
            median, p95 = (
                connection.execute(in_order.offset(ceil(share * count) - 1).limit(1)).scalar_one()
                for share in (0.5, 0.95)
            )
        return Latency(count, median, p95)

    def by_day(self, since: datetime) -> dict[date, int]:
        """Count the questions on each UTC day since a time. Days without questions are left out."""
        day = cast(questions.c.at, BigInteger) // DAY
        chosen = select(day, func.count()).where(questions.c.at >= since.timestamp()).group_by(day)
        rows = (row.values() for row in self._database.rows(chosen))
        return {datetime.fromtimestamp(int(at) * DAY, UTC).date(): count for at, count in rows}

    def shown(self, since: datetime) -> list[ShownEntry]:
        """Return the entries shown first since a time, sorted by the number of people, highest
        first. Private questions count only if the user shared them with the owners."""
        voted = (
            select(
                votes.c.question,
                _HELPFUL.label("helpful"),
                _NOT_HELPFUL.label("not_helpful"),
            )
            .group_by(votes.c.question)
            .subquery()
        )
        people = func.count(questions.c.person.distinct())
        chosen = (
            select(
                questions.c.first,
                func.count().label("questions"),
                people.label("people"),
                func.coalesce(func.sum(voted.c.helpful), 0).label("helpful"),
                func.coalesce(func.sum(voted.c.not_helpful), 0).label("not_helpful"),
            )
            .join_from(questions, voted, voted.c.question == questions.c.id, isouter=True)
            .where(
                questions.c.at >= since.timestamp(),
                questions.c.outcome == "answered",
                questions.c.first != "",
                _may_be_seen(),
            )
            .group_by(questions.c.first)
            .order_by(people.desc(), func.count().desc(), questions.c.first)
        )
        rows = (row.values() for row in self._database.rows(chosen))
        return [ShownEntry(entry, *map(int, counts)) for entry, *counts in rows]

    def helped(self, since: datetime) -> list[HelpfulAnswer]:
        """Return questions since a time with one cited entry and more helpful than unhelpful votes,
        most votes first. Private questions count only if the user shared them with the owners."""
        chosen = (
            select(questions.c.text, questions.c.entries, _HELPFUL)
            .join_from(questions, votes, votes.c.question == questions.c.id)
            .where(
                questions.c.at >= since.timestamp(),
                questions.c.outcome == "answered",
                questions.c.answer != "",
                _may_be_seen(),
            )
            .group_by(questions.c.id)
            .having(_HELPFUL > _NOT_HELPFUL)
            .order_by(_HELPFUL.desc(), questions.c.at.desc(), questions.c.id)
            .limit(MAX_HELPED)
        )
        rows = (row.values() for row in self._database.rows(chosen))
        found = ((text, json.loads(entries), int(helped)) for text, entries, helped in rows)
        return [
            HelpfulAnswer(text, shown[0], helped)
            for text, shown, helped in found
            if len(shown) == 1
        ]


def _may_be_seen() -> ColumnElement[bool]:
    """Return the SQL condition that selects questions visible to the glossary's owners."""
    return or_(questions.c.place.in_(OPEN_PLACES), questions.c.told)
