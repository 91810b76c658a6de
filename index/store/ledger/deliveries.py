"""What was delivered to one of several processes, until one of them has answered it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from sqlalchemy import and_, delete, exists, func, or_, select, text, update
from sqlalchemy.exc import DBAPIError

from index.errors import LedgerError
from index.store.ledger.database import Database
from index.store.ledger.members import GONE
from index.store.ledger.tables import deliveries, members

logger = logging.getLogger(__name__)

AT_ONCE = 100  # deliveries taken over together
NOBODY = ""  # the member that is to answer what needs no answer


class Deliveries:
    """The deliveries in one PostgreSQL database. Threads may share it.

    Each is answered by the process that recorded it, a member (see `Members`), and by another one
    when that is gone. All raise `LedgerError` but `alone`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def at(cls, url: str) -> Deliveries:
        """With connections of their own: acknowledgements wait for nothing else."""
        return cls(Database.at(url))

    def record(self, key: str, content: str, received: float, member: str) -> bool:
        """Records a delivery, which `member` answers; returns whether it is new."""
        row = {"key": key, "content": content, "received": received, "member": member}
        with self._database.writing() as connection:
            return self._database.add_one(connection, deliveries, row)

    def pass_by(self, key: str, now: float) -> bool:
        """Notes something that is not to be answered; returns whether it is new."""
        row = {"key": key, "content": "", "received": now, "answered": now, "member": NOBODY}
        with self._database.writing() as connection:
            return self._database.add_one(connection, deliveries, row)

    def answered(self, key: str, now: float) -> None:
        """Notes that a delivery needs nothing more."""
        with self._database.writing() as connection:
            chosen = deliveries.c.key == key
            connection.execute(update(deliveries).where(chosen).values(answered=now, content=""))

    def forget(self, before: float, passed_by: float) -> None:
        """Forgets the deliveries that were received `before`, and what came before `passed_by` and
        was not to be answered."""
        received = deliveries.c.received
        old = or_(received < before, and_(received < passed_by, deliveries.c.member == NOBODY))
        with self._database.writing() as connection:
            connection.execute(delete(deliveries).where(old))

    def amend(self, key: str, content: str) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(deliveries).where(deliveries.c.key == key).values(content=content)
            )

    def take_over(self, member: str, since: float) -> list[str]:
        """The contents of what was received `since`, is not answered, and was to be answered by
        processes that are gone; from now on `member` is to."""
        with self._database.writing() as connection:
            alive = self._database.clock(connection) - GONE
            living = exists().where(
                members.c.token == deliveries.c.member, members.c.heartbeat > alive
            )
            left = (
                select(deliveries.c.key)
                .where(deliveries.c.answered.is_(None), deliveries.c.received > since, ~living)
                .order_by(deliveries.c.received)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            )
            taken = connection.execute(
                update(deliveries)
                .where(deliveries.c.key.in_(left.scalar_subquery()))
                .values(member=member)
                .returning(deliveries.c.received, deliveries.c.content)
            )
            return [content for _, content in sorted((row[0], row[1]) for row in taken.all())]

    def count(self) -> int:
        """How many deliveries are not answered yet, of all processes."""
        unanswered = select(func.count()).where(deliveries.c.answered.is_(None))
        with self._database.reading() as connection:
            return int(connection.execute(unanswered).scalar_one())

    @contextmanager
    def alone(self, name: str, seconds: float) -> Iterator[None]:
        """No other process does the same under this `name` during the block, whatever becomes of
        this one. After `seconds` of waiting, and where the database does not answer, the block is
        done all the same."""
        with ExitStack() as held:
            try:
                connection = held.enter_context(self._database.reading())
                wait = f"SET LOCAL lock_timeout = {round(seconds * 1_000)}"
                connection.execute(text(wait))
                taking = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
                connection.execute(text(taking), {"name": name})
            except (LedgerError, DBAPIError) as error:
                logger.warning("nobody is kept from doing the same: %s", error)
            yield
            with suppress(LedgerError, DBAPIError):  # a connection that broke holds nothing
                held.close()

    def close(self) -> None:
        self._database.close()
