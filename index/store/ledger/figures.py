"""What the questions and votes of many people come to; nothing of one person's is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from index.store.ledger.database import Database
from index.store.ledger.tables import questions, votes

MOST_MISSED = 20_000  # questions that are read; of more, the latest
OPEN_PLACES = ("public", "terminal")  # where what is asked may be seen by the glossary's owners


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that found nothing, or nothing helpful: what was asked, by whom, when, and
    whether it asked for an entry by its name."""

    text: str
    person: str
    at: datetime
    by_name: bool = False


class Figures:
    """What can be counted in one database. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def missed(self, since: datetime) -> list[Missed]:
        """The questions from a time on that found nothing, or that as many people or more call
        not helpful as helpful, the latest first. Of those asked in private, only what the asker
        agreed to show."""
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
                _may_be_seen(),
                or_(questions.c.outcome != "answered", questions.c.id.in_(unhelpful)),
            )
            .order_by(questions.c.at.desc(), questions.c.id)
            .limit(MOST_MISSED)
        )
        with self._database.reading() as connection:
            return [
                Missed(text, person, datetime.fromtimestamp(at, UTC), outcome == "unknown")
                for text, person, at, outcome in connection.execute(chosen)
            ]


def _may_be_seen() -> ColumnElement[bool]:
    """That a question may be shown to the owners of the glossary."""
    return or_(questions.c.place.in_(OPEN_PLACES), questions.c.told)


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows fulfil a condition."""
    return func.sum(case((condition, 1), else_=0))
