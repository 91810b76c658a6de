"""What a person has typed into a form and not saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, select

from index.editing.fields import Fields
from index.store.ledger.database import Database
from index.store.ledger.tables import drafts

KEPT = timedelta(days=7)
LONGEST_KEY = 200  # characters of what a form is of


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into the form `what`, when; `version` is that of the entry when the form was
    opened."""

    what: str
    fields: Fields
    version: str
    at: datetime


class Drafts:
    """The drafts in one database. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, person: str, draft: Draft) -> None:
        """Keeps a draft in the place of the one of that form."""
        row = {
            "person": person,
            "what": draft.what[:LONGEST_KEY],
            "fields": draft.fields.to_json(),
            "version": draft.version,
            "at": draft.at.timestamp(),
        }
        with self._database.writing() as connection:
            self._database.put(connection, drafts, [row])

    def get(self, person: str, what: str) -> Draft | None:
        """The person's draft of a form, unless it is too old."""
        own = (drafts.c.person == person) & (drafts.c.what == what[:LONGEST_KEY])
        since = (datetime.now(UTC) - KEPT).timestamp()
        chosen = select(drafts).where(own, drafts.c.at >= since)
        with self._database.reading() as connection:
            row = connection.execute(chosen).mappings().first()
        return None if row is None else _draft(row)

    def like(self, person: str, beginning: str) -> list[Draft]:
        """The person's drafts of forms whose names begin so, unless they are too old; the newest
        first."""
        own = (drafts.c.person == person) & drafts.c.what.startswith(beginning, autoescape=True)
        since = (datetime.now(UTC) - KEPT).timestamp()
        chosen = select(drafts).where(own, drafts.c.at >= since).order_by(drafts.c.at.desc())
        with self._database.reading() as connection:
            return [_draft(row) for row in connection.execute(chosen).mappings()]

    def drop(self, person: str, what: str) -> None:
        own = (drafts.c.person == person) & (drafts.c.what == what[:LONGEST_KEY])
        with self._database.writing() as connection:
            connection.execute(delete(drafts).where(own))

    def forget_older(self, than: datetime) -> int:
        """Deletes drafts from before a time; how many there were."""
        with self._database.writing() as connection:
            old = drafts.c.at < than.timestamp()
            return int(connection.execute(delete(drafts).where(old)).rowcount)

    @staticmethod
    def forget(connection: Connection, person: str) -> int:
        """Deletes a person's drafts; how many there were."""
        return int(connection.execute(delete(drafts).where(drafts.c.person == person)).rowcount)


def _draft(row: RowMapping) -> Draft:
    at = datetime.fromtimestamp(row["at"], UTC)
    return Draft(row["what"], Fields.from_json(row["fields"]), row["version"], at)
