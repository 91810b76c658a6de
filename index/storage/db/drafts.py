"""Drafts of entries: unsaved input in users' forms."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select

from index.entry_draft import EntryDraft
from index.storage.db.part import LedgerPart, count_changed, from_row
from index.storage.db.schema import drafts

KEPT = timedelta(days=7)
LONGEST_KEY = 200  # characters of a form's name


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """The fields that a user typed into the form named `what`, saved at the time `at`. `version` is
    the version of the entry when the form was opened."""

    what: str
    fields: EntryDraft
    version: str
    at: datetime


class Drafts(LedgerPart):
    def keep(self, person: str, draft: SavedDraft) -> None:
        """Save a draft, replacing an older one for the same form."""
        row = {
            "person": person,
            "what": draft.what[:LONGEST_KEY],
            "fields": draft.fields.to_json(),
            "version": draft.version,
            "at": draft.at.timestamp(),
        }
        with self._database.writing() as connection:
            self._database.put(connection, drafts, [row])

    def get(self, person: str, what: str) -> SavedDraft | None:
        """Return the person's draft for a form, or None if there is none or it has expired."""
        return next(iter(self._recent(person, drafts.c.what == what[:LONGEST_KEY])), None)

    def with_prefix(self, person: str, beginning: str) -> list[SavedDraft]:
        """Return the person's unexpired drafts of forms named `beginning…`, newest first."""
        return self._recent(person, drafts.c.what.startswith(beginning, autoescape=True))

    def _recent(self, person: str, wanted: ColumnElement[bool]) -> list[SavedDraft]:
        since = (datetime.now(UTC) - KEPT).timestamp()
        chosen = select(drafts).where(drafts.c.person == person, wanted, drafts.c.at >= since)
        rows = self._database.rows(chosen.order_by(drafts.c.at.desc()))
        return [
            from_row(SavedDraft, row, fields=EntryDraft.from_json(row["fields"])) for row in rows
        ]

    def drop(self, person: str, what: str) -> None:
        own = (drafts.c.person == person) & (drafts.c.what == what[:LONGEST_KEY])
        self._database.run(delete(drafts).where(own))

    def forget_older(self, than: datetime) -> int:
        """Delete the drafts saved before a time; return their number."""
        return self._database.run(delete(drafts).where(drafts.c.at < than.timestamp()))

    @staticmethod
    def forget(connection: Connection, person: str) -> int:
        """Delete a person's drafts; return their number."""
        return count_changed(connection, delete(drafts).where(drafts.c.person == person))
