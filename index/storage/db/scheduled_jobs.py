"""Claims on scheduled jobs, so that only one of several processes runs each job."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from index.storage.db.part import LedgerPart
from index.storage.db.schema import claims


@dataclass(frozen=True, slots=True)
class Claim:
    """A process's claim on a job. `before` is the time of the previous run, if any."""

    name: str
    before: datetime | None


class ScheduledJobs(LedgerPart):
    def claim(self, name: str, every: timedelta, now: datetime) -> Claim | None:
        """Claim a job with the interval `every`. Returns None if the job is not due or already
        claimed. One run makes up for all missed runs."""
        at, interval = now.timestamp(), every.total_seconds()
        with self._database.writing() as connection:
            if self._database.add_one(connection, claims, {"name": name, "at": at}):
                return Claim(name, None)
            # A concurrent process waits here, and then finds the job claimed.
            chosen = select(claims.c.at).where(claims.c.name == name).with_for_update()
            last = connection.execute(chosen).scalar()
            if last is None or at - last < interval:
                return None
            row = {"name": name, "at": at - (at - last) % interval}
            self._database.put(connection, claims, [row])
        return Claim(name, datetime.fromtimestamp(last, UTC))

    def release(self, claim: Claim) -> None:
        """Undo a claim, so that the job can be claimed again."""
        with self._database.writing() as connection:
            if claim.before is None:
                connection.execute(delete(claims).where(claims.c.name == claim.name))
            else:
                row = {"name": claim.name, "at": claim.before.timestamp()}
                self._database.put(connection, claims, [row])
