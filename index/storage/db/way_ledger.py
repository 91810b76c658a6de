"""Proposed ways to ask, and the decisions on them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, delete, select, update

from index.entry import Entry
from index.errors import NearsayError
from index.names import name_key
from index.storage.db.part import LedgerPart, count_changed, from_row
from index.storage.db.schema import ways
from index.text import visible

WayState = Literal["proposed", "accepted", "refused"]
WayOrigin = Literal["model", "use"]
"""Who worded a way: a language model, or a user in a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWay:
    """A way to ask for the entry with the id `entry`. `version` is the version of the entry's text
    for which it was checked. A `reason` says why the check refused it."""

    entry: str
    text: str
    version: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayProposal:
    """A proposed way to ask. Numbers (`id`) grow with time and are never used again. `by` is the
    user who decided at the time `decided`; it is `CHECK` if a check refused the way for a
    `reason`. A proposed way with a reason was accepted before the text of its entry changed."""

    id: int
    entry: str
    text: str
    version: str
    origin: WayOrigin
    state: WayState
    reason: str
    by: str
    at: datetime
    decided: datetime | None


CHECK = "check"  # decided by the check, not by a user
_FROM_QUESTIONS = and_(ways.c.origin == "use", ways.c.state != "accepted")


class DecidedError(NearsayError):
    """A way has been decided in the meantime."""

    code = "decided"


class WayProposals(LedgerPart):
    def record(self, checked: Iterable[NewWay], origin: WayOrigin = "model") -> list[NewWay]:
        """Record ways that were checked: as proposed, or as refused for their reason. Returns those
        that are new. Ways that the ledger has for the same version of the entry are left as they
        are, and so are all accepted and proposed ones."""
        added: list[NewWay] = []
        with self._database.writing() as connection:
            self._database.lock_table(connection, ways)
            known = {(way.entry, name_key(way.text)): way for way in _all(connection)}
            for way in checked:
                there = known.get((way.entry, name_key(way.text)))
                if there and (there.state != "refused" or there.version == way.version):
                    continue
                now = datetime.now(UTC).timestamp()
                row = {
                    "entry": way.entry,
                    "text": way.text,
                    "version": way.version,
                    "origin": origin,
                    "state": "refused" if way.reason else "proposed",
                    "reason": way.reason,
                    "by": CHECK if way.reason else "",
                    "at": now,
                    "decided": now if way.reason else None,
                }
                if there:
                    connection.execute(update(ways).where(ways.c.id == there.id).values(**row))
                else:
                    made = connection.execute(
                        ways.insert().values(**row).returning(ways)
                    ).mappings()
                    known[way.entry, name_key(way.text)] = _proposal(made.one())
                added.append(way)
        return added

    def all(self) -> list[WayProposal]:
        """Return all ways, oldest first, whatever their state."""
        with self._database.reading() as connection:
            return _all(connection)

    def proposed(self) -> list[WayProposal]:
        """Return the ways that wait for a decision, oldest first."""
        return [way for way in self.all() if way.state == "proposed"]

    def accepted(self) -> list[WayProposal]:
        """Return the accepted ways, oldest first."""
        return [way for way in self.all() if way.state == "accepted"]

    def accepted_for(self, entry: str) -> set[int]:
        """Return the numbers of the accepted ways for one entry."""
        with self._database.reading() as connection:
            return {way.id for way in _all(connection, entry) if way.state == "accepted"}

    def confirm(self, version_of_way: Mapping[int, str]) -> None:
        """Store the version of the entry for which ways were checked again. Refused ones stay as
        they are."""
        with self._database.writing() as connection:
            for number, version in version_of_way.items():
                this = update(ways).where(ways.c.id == number, ways.c.state != "refused")
                connection.execute(this.values(version=version))

    def refuse(self, reasons: Mapping[int, str], by: str) -> int:
        """Refuse proposed ways for a reason, which may be empty; return their number."""
        with self._database.writing() as connection:
            return sum(
                _decide(connection, [number], "refused", by, reason)
                for number, reason in reasons.items()
            )

    def forget_older(self, than: datetime) -> int:
        """Delete the ways from questions that were proposed before a time and are not accepted;
        return their number."""
        old = delete(ways).where(_FROM_QUESTIONS, ways.c.at < than.timestamp())
        return self._database.run(old)

    @staticmethod
    def forget_within(connection: Connection, questions: Iterable[str]) -> None:
        """Delete the ways from these questions that are not accepted, in the caller's
        transaction. They are found by their text, since a way does not name its question."""
        keys = {name_key(visible(text)) for text in questions}
        found = select(ways.c.id, ways.c.text).where(_FROM_QUESTIONS)
        rows = connection.execute(found).all() if keys else ()
        numbers = [number for number, text in rows if name_key(text) in keys]
        connection.execute(delete(ways).where(ways.c.id.in_(numbers)))

    @staticmethod
    def accept_within(connection: Connection, numbers: Collection[int], by: str) -> None:
        """Accept proposed ways in the caller's transaction. Raises `DecidedError` unless all of
        them wait for a decision."""
        if _decide(connection, numbers, "accepted", by, "") != len(numbers):
            raise DecidedError("Somebody else has decided on these ways in the meantime.")

    @staticmethod
    def return_within(connection: Connection, reasons: Mapping[int, str], version: str) -> None:
        """Make accepted ways proposed ones again in the caller's transaction, for the reasons that
        a check of `version` of their entry gave."""
        for number, reason in reasons.items():
            this = update(ways).where(ways.c.id == number, ways.c.state == "accepted")
            again = this.values(
                state="proposed", by="", decided=None, reason=reason, version=version
            )
            connection.execute(again)

    @staticmethod
    def follow_within(connection: Connection, entry: Entry, version: str, by: str) -> None:
        """Let the states of an entry's ways follow its search phrases, in the transaction of the
        edit by which it got these. A proposed way that is one of them is accepted by the editor,
        for the `version` of the text; an accepted way that is none of them is proposed again."""
        phrases = set(map(name_key, entry.search_phrases))
        for way in _all(connection, entry.id):
            is_phrase = name_key(way.text) in phrases
            this = update(ways).where(ways.c.id == way.id)
            if way.state == "proposed" and is_phrase:
                _decide(connection, [way.id], "accepted", by, "")
                connection.execute(this.values(version=version))
            elif way.state == "accepted" and not is_phrase:
                connection.execute(this.values(state="proposed", by="", decided=None))


def _decide(
    connection: Connection, numbers: Collection[int], state: WayState, by: str, reason: str
) -> int:
    waiting = update(ways).where(ways.c.id.in_(numbers), ways.c.state == "proposed")
    now = datetime.now(UTC).timestamp()
    return count_changed(connection, waiting.values(state=state, by=by, reason=reason, decided=now))


def _all(connection: Connection, entry: str = "") -> list[WayProposal]:
    """Return all ways, or those for one entry, oldest first."""
    chosen = select(ways).where(ways.c.entry == entry) if entry else select(ways)
    rows: Sequence[Mapping[Any, Any]] = (
        connection.execute(chosen.order_by(ways.c.id)).mappings().all()
    )
    return list(map(_proposal, rows))


def _proposal(row: Mapping[Any, Any]) -> WayProposal:
    decided = row["decided"]
    return from_row(WayProposal, row, decided=decided and datetime.fromtimestamp(decided, UTC))
