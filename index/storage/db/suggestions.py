"""Suggestions for the glossary. Its owners approve or decline them."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from index.entry import Entry
from index.entry_draft import EntryDraft, draft_of
from index.errors import NearsayError, NotFound
from index.storage.db.part import LedgerPart, count_changed, from_row
from index.storage.db.schema import suggestions

SuggestionState = Literal["open", "approved", "declined"]
LONGEST_NOTE = 500  # characters of a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A suggested entry. `person` is a Slack user id, or `operator` in the terminal; `person` and
    `name` are empty once the person's data has been deleted. `reviewer` is the user who decided,
    `note` the reason for declining, and `entry` the id of the resulting entry. `channel` and `ts`
    identify the message that asks for a review, if any."""

    id: str
    fields: EntryDraft
    person: str
    name: str
    at: datetime
    state: SuggestionState = "open"
    reviewer: str = ""
    note: str = ""
    entry: str = ""
    channel: str = ""
    ts: str = ""


class AlreadyDecidedError(NearsayError):
    """The suggestion has already been approved or declined."""

    code = "decided"

    def __init__(self, found: Suggestion) -> None:
        message = f"{found.reviewer or 'Somebody'} has already {found.state} the suggestion."
        super().__init__(message, "List the open suggestions with: /near-admin suggestions")


class Suggestions(LedgerPart):
    def add(self, fields: EntryDraft, person: str, name: str, at: datetime) -> Suggestion:
        made = Suggestion(id=secrets.token_hex(4), fields=fields, person=person, name=name, at=at)
        row = asdict(made) | {"fields": fields.to_json(), "at": at.timestamp()}
        self._database.run(insert(suggestions).values(**row))
        return made

    def get(self, suggestion: str) -> Suggestion:
        """Return a suggestion, or raise `NotFound`."""
        with self._database.reading() as connection:
            return _found(connection, suggestion)

    def published_as(self, entry: str) -> str:
        """Return the id of the suggestion that was approved as an entry, or an empty string."""
        chosen = select(suggestions.c.id).where(suggestions.c.entry == entry)
        return str(self._database.value(chosen.order_by(suggestions.c.at.desc())) or "")

    def open(self, limit: int) -> list[Suggestion]:
        """Return the undecided suggestions, oldest first."""
        chosen = select(suggestions).where(suggestions.c.state == "open")
        chosen = chosen.order_by(suggestions.c.at, suggestions.c.id).limit(limit)
        return [_suggestion(row) for row in self._database.rows(chosen)]

    def count_open(self, person: str | None = None) -> int:
        """Count the undecided suggestions by one person, or by everyone."""
        chosen = select(func.count()).where(suggestions.c.state == "open")
        if person is not None:
            chosen = chosen.where(suggestions.c.person == person)
        return int(self._database.value(chosen))

    def set_message(self, suggestion: str, channel: str, ts: str) -> None:
        """Record the message that asks for a review."""
        this = update(suggestions).where(suggestions.c.id == suggestion)
        self._database.run(this.values(channel=channel, ts=ts))

    def decline(self, suggestion: str, reviewer: str, note: str) -> Suggestion:
        """Decline an open suggestion, and return it. Raises `NotFound`, or `AlreadyDecidedError` if
        it is not open."""
        with self._database.writing() as connection:
            return self.decide_within(connection, suggestion, "declined", reviewer, note)

    @staticmethod
    def decide_within(
        connection: Connection,
        suggestion: str,
        state: SuggestionState,
        reviewer: str,
        note: str = "",
        entry: Entry | None = None,
    ) -> Suggestion:
        """Decide a suggestion in the caller's transaction. A published `entry` replaces it."""
        published = {"entry": entry.id, "fields": draft_of(entry).to_json()} if entry else {}
        done = connection.execute(
            update(suggestions)
            .where(suggestions.c.id == suggestion, suggestions.c.state == "open")
            .values(state=state, reviewer=reviewer, note=note[:LONGEST_NOTE], **published)
        )
        found = _found(connection, suggestion)
        if not done.rowcount:
            raise AlreadyDecidedError(found)
        return found

    @staticmethod
    def forget(connection: Connection, person: str) -> int:
        """Delete a person's open suggestions, and the person's name from the decided ones. Returns
        the number of deleted suggestions."""
        own = suggestions.c.person == person
        waiting = delete(suggestions).where(own, suggestions.c.state == "open")
        gone = count_changed(connection, waiting)
        connection.execute(update(suggestions).where(own).values(person="", name=""))
        return gone


def _found(connection: Connection, suggestion: str) -> Suggestion:
    chosen = select(suggestions).where(suggestions.c.id == suggestion)
    row = connection.execute(chosen).mappings().first()
    if row is None:
        message = f'There is no suggestion "{suggestion[:16]}". Its author may have withdrawn it.'
        raise NotFound(message, "List the open suggestions with: /near-admin suggestions")
    return _suggestion(row)


def _suggestion(row: Mapping[Any, Any]) -> Suggestion:
    return from_row(Suggestion, row, fields=EntryDraft.from_json(row["fields"]))
