"""The audit log: actions by admins, including rejected attempts."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import insert, select

from index.storage.db.part import LedgerPart, from_row
from index.storage.db.schema import audit

Outcome = Literal["done", "refused", "failed"]
LONGEST = 500  # characters of a detail


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An admin's action, its outcome, and the generation that was current afterwards."""

    at: datetime
    who: str
    action: str
    outcome: Outcome
    detail: str
    generation: str | None


class Audit(LedgerPart):
    def note(
        self, who: str, action: str, outcome: Outcome, detail: str, generation: str | None
    ) -> None:
        """Append a record with the current time. The detail is cut to `LONGEST` characters."""
        record = AuditRecord(datetime.now(UTC), who, action, outcome, detail[:LONGEST], generation)
        row = asdict(record) | {"at": record.at.timestamp()}
        self._database.run(insert(audit).values(row))

    def last(self, count: int) -> list[AuditRecord]:
        """Return the latest `count` records, newest first."""
        chosen = select(audit).order_by(audit.c.id.desc()).limit(count)
        return [from_row(AuditRecord, row) for row in self._database.rows(chosen)]
