"""What the questions and votes of many people come to; nothing of one person's is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, or_, select

from index.storage.db.part import LedgerPart, from_row
from index.storage.db.schema import questions, votes

DAY = 86_400  # seconds
MOST_MISSED = 20_000  # questions that are read; of more, the latest
MOST_HELPED = 500  # questions that are read, those with the most votes
OPEN_PLACES = ("public", "terminal")  # where what is asked may be seen by the glossary's owners


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that found nothing, or nothing helpful: what was asked, by whom, when, and
    whether it asked for an entry by its name."""

    text: str
    person: str
    at: datetime
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Latency:
    """How long answers took, in seconds: half of them at most `median`, 95 of 100 at most `p95`;
    of how many that was measured."""

    measured: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, by its id, that was shown first: how often, to how many people, and how many votes
    call that helpful, or not."""

    entry: str
    questions: int
    people: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class Helped:
    """A question whose answer cites one entry, by its id, and how many people call it helpful."""

    text: str
    entry: str
    helpful: int


class Figures(LedgerPart):
    """What can be counted in one database. Threads may share it."""

    def missed(self, since: datetime, *, in_public_only: bool = False) -> list[Missed]:
        """The questions from a time on that found nothing, or that as many people or more call
        not helpful as helpful, the latest first: those asked in public, and those that only the
        owners of the glossary may see: asked in a terminal, or in private by who agreed."""
        unhelpful = (
            select(votes.c.question)
            .group_by(votes.c.question)
            .having(
                and_(
                    _counted(~votes.c.helpful) > 0,
                    _counted(~votes.c.helpful) >= _counted(votes.c.helpful),
                )
            )
        )
        chosen = (
            select(questions.c.text, questions.c.person, questions.c.at, questions.c.outcome)
            .where(
                questions.c.at >= since.timestamp(),
                questions.c.place == "public" if in_public_only else _may_be_seen(),
                or_(questions.c.outcome != "answered", questions.c.id.in_(unhelpful)),
            )
            .order_by(questions.c.at.desc(), questions.c.id)
            .limit(MOST_MISSED)
        )
        return [
            from_row(Missed, row, by_name=row["outcome"] == "unknown")
            for row in self._database.rows(chosen)
        ]

    def latency(self, since: datetime) -> Latency | None:
        """How long the answers from a time on took; None where that was not measured."""
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
        """How many questions were asked on each day, UTC, from a time on; days without any are
        left out."""
        day = cast(questions.c.at, BigInteger) // DAY
        chosen = select(day, func.count()).where(questions.c.at >= since.timestamp()).group_by(day)
        rows = (row.values() for row in self._database.rows(chosen))
        return {datetime.fromtimestamp(int(at) * DAY, UTC).date(): count for at, count in rows}

    def shown(self, since: datetime) -> list[Shown]:
        """The entries that were shown first from a time on, those that most people were shown
        first. What was asked in private does not count, unless the asker agreed."""
        voted = (
            select(
                votes.c.question,
                _counted(votes.c.helpful).label("helpful"),
                _counted(~votes.c.helpful).label("not_helpful"),
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
        return [Shown(entry, *map(int, counts)) for entry, *counts in rows]

    def helped(self, since: datetime) -> list[Helped]:
        """The questions from a time on whose answer cites one entry and that more people call
        helpful than not, those with the most votes first. What was asked in private is not among
        them, unless the asker agreed."""
        helpful = _counted(votes.c.helpful)
        chosen = (
            select(questions.c.text, questions.c.entries, helpful)
            .join_from(questions, votes, votes.c.question == questions.c.id)
            .where(
                questions.c.at >= since.timestamp(),
                questions.c.outcome == "answered",
                questions.c.answer != "",
                _may_be_seen(),
            )
            .group_by(questions.c.id)
            .having(helpful > _counted(~votes.c.helpful))
            .order_by(helpful.desc(), questions.c.at.desc(), questions.c.id)
            .limit(MOST_HELPED)
        )
        rows = (row.values() for row in self._database.rows(chosen))
        found = ((text, json.loads(entries), int(helped)) for text, entries, helped in rows)
        return [Helped(text, shown[0], helped) for text, shown, helped in found if len(shown) == 1]


def _may_be_seen() -> ColumnElement[bool]:
    """That a question may be shown to the owners of the glossary."""
    return or_(questions.c.place.in_(OPEN_PLACES), questions.c.told)


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows fulfil a condition."""
    return func.sum(case((condition, 1), else_=0))
