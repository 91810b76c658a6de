"""What admins did, refused attempts too."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import insert, select

from index.store.ledger.database import Database
from index.store.ledger.tables import audit

Outcome = Literal["done", "refused", "failed"]
LONGEST = 500  # characters of a detail


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One action: who did what and when, how it ended, and the generation after it."""

    at: datetime
    who: str
    action: str
    outcome: Outcome
    detail: str
    generation: str | None


class Audit:
    """The audit log of one database. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self, who: str, action: str, outcome: Outcome, detail: str, generation: str | None
    ) -> None:
        with self._database.writing() as connection:
            connection.execute(
                insert(audit).values(
                    at=time.time(),
                    who=who,
                    action=action,
                    outcome=outcome,
                    detail=detail[:LONGEST],
                    generation=generation,
                )
            )

    def last(self, count: int) -> list[AuditRecord]:
        """The last actions, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(count))
            return [
                AuditRecord(
                    at=datetime.fromtimestamp(row["at"], UTC),
                    who=row["who"],
                    action=row["action"],
                    outcome=row["outcome"],
                    detail=row["detail"],
                    generation=row["generation"],
                )
                for row in rows.mappings()
            ]
