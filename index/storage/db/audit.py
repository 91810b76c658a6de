"""The audit log: actions by admins, including rejected attempts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import delete, insert, select, update

from index.storage.db.part import LedgerPart, from_row
from index.storage.db.schema import audit

Outcome = Literal["done", "refused", "failed"]
LONGEST = 500  # characters of a detail
KEPT = timedelta(days=365)
# Refusals of one user within a period share records, so that they cannot bury the others.
REFUSALS_PERIOD = timedelta(hours=1)
MOST_REFUSALS = 10  # records of a user in the period; the last one counts all further actions
OTHER_ACTIONS = "other actions"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An admin's action, its outcome, and the generation that was current afterwards.

    `times` says how often a user tried a refused action within the hour that begins at `at`.
    """

    at: datetime
    who: str
    action: str
    outcome: Outcome
    detail: str
    generation: str | None
    times: int = 1


class Audit(LedgerPart):
    def note(
        self, who: str, action: str, outcome: Outcome, detail: str, generation: str | None
    ) -> None:
        """Add a record with the current time. The detail is cut to `LONGEST` characters. Repeated
        refusals are counted in one record."""
        record = AuditRecord(datetime.now(UTC), who, action, outcome, detail[:LONGEST], generation)
        row = asdict(record) | {"at": record.at.timestamp()}
        with self._database.writing() as connection:
            if outcome == "refused":
                since = (record.at - REFUSALS_PERIOD).timestamp()
                own = (audit.c.at > since, audit.c.who == who, audit.c.outcome == "refused")
                chosen = select(audit.c.action, audit.c.id).where(*own).order_by(audit.c.id)
                known = {row.action: row.id for row in connection.execute(chosen)}
                if action not in known and len(known) >= MOST_REFUSALS - 1:
                    row["action"] = OTHER_ACTIONS
                if (number := known.get(row["action"])) is not None:
                    again = update(audit).where(audit.c.id == number)
                    connection.execute(again.values(times=audit.c.times + 1))
                    return
            connection.execute(insert(audit).values(row))

    def last(self, count: int, outcomes: Sequence[str] = ()) -> list[AuditRecord]:
        """Return the latest `count` records, newest first; only those with one of `outcomes`, if
        any are given."""
        chosen = select(audit).order_by(audit.c.id.desc()).limit(count)
        if outcomes:
            chosen = chosen.where(audit.c.outcome.in_(outcomes))
        return [from_row(AuditRecord, row) for row in self._database.rows(chosen)]

    def forget_older(self, than: datetime) -> int:
        """Delete the records from before a time, and return how many there were."""
        return self._database.run(delete(audit).where(audit.c.at < than.timestamp()))
