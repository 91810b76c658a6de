"""What one of several processes does at its time: whoever claims it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from index.storage.db.part import LedgerPart
from index.storage.db.schema import claims


@dataclass(frozen=True, slots=True)
class Claim:
    """Something to be done now, and when it was to be done last, if ever."""

    name: str
    before: datetime | None


class ScheduledJobs(LedgerPart):
    """The claims in one database. Threads may share it."""

    def take(self, name: str, every: timedelta, now: datetime) -> Claim | None:
        """Takes what is to be done `every` so long, where its time has come and nobody else has
        taken it; what was missed meanwhile is done once."""
        at, interval = now.timestamp(), every.total_seconds()
        with self._database.writing() as connection:
            if self._database.add_one(connection, claims, {"name": name, "at": at}):
                return Claim(name, None)
            # Whoever comes at the same moment waits here, and then finds it taken.
            chosen = select(claims.c.at).where(claims.c.name == name).with_for_update()
            last = connection.execute(chosen).scalar()
            if last is None or at - last < interval:
                return None
            row = {"name": name, "at": at - (at - last) % interval}
            self._database.put(connection, claims, [row])
        return Claim(name, datetime.fromtimestamp(last, UTC))

    def give_back(self, claim: Claim) -> None:
        """Undoes a claim, so that it can be taken again."""
        with self._database.writing() as connection:
            if claim.before is None:
                connection.execute(delete(claims).where(claims.c.name == claim.name))
            else:
                row = {"name": claim.name, "at": claim.before.timestamp()}
                self._database.put(connection, claims, [row])
