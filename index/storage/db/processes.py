"""The processes, on any machine, that use the ledger, and the generations that they read."""

import secrets

from sqlalchemy import delete, insert, select, update

from index.errors import NotFound
from index.storage.db.part import LedgerPart, count_changed
from index.storage.db.schema import generations, holds, members

HEARTBEAT_S = 1.0
GONE = 5.0  # seconds without a heartbeat after which others take over a process's deliveries
READ_EXPIRY_S = 30.0  # without a heartbeat, after which a process's reads do not count
ROW_EXPIRY_S = 3_600.0  # without a heartbeat, after which a process's row is deleted


class Members(LedgerPart):
    def join(self, words: str, token: str = "") -> str:
        """Register a process described by `words`; return `token`, or a new token if empty."""
        token = token or secrets.token_hex(16)
        with self._database.writing() as connection:
            now = self._database.clock(connection)
            connection.execute(delete(members).where(members.c.heartbeat < now - ROW_EXPIRY_S))
            connection.execute(insert(members).values(token=token, words=words, heartbeat=now))
        return token

    def beat(self, token: str) -> bool:
        """Write a heartbeat; return False if the process has expired and must join again."""
        with self._database.writing() as connection:
            now = self._database.clock(connection)
            beating = update(members).where(members.c.token == token).values(heartbeat=now)
            return bool(count_changed(connection, beating))

    def leave(self, token: str) -> None:
        """Deregister a process and release its reads and deliveries."""
        self._database.run(delete(members).where(members.c.token == token))

    def hold(self, token: str, generation: str) -> None:
        """Record that a process reads a generation, so that it is not removed. Raises `NotFound` if
        it has been removed."""
        with self._database.writing() as connection:
            # `Generations.forget` locks the same row, so the two run one after the other.
            state = connection.execute(
                select(generations.c.state)
                .where(generations.c.name == generation)
                .with_for_update()
            ).scalar()
            if state in (None, "removed"):
                message = f"Generation {generation} has been removed."
                raise NotFound(message, "List the others with: /near-admin generations")
            row = {"member": token, "generation": generation}
            self._database.add_new(connection, holds, [row])

    def release(self, token: str, generation: str) -> None:
        own = (holds.c.member == token) & (holds.c.generation == generation)
        self._database.run(delete(holds).where(own))

    def read_another(self, generation: str, but: str) -> bool:
        """Return whether a running process other than `but` reads another generation."""
        with self._database.reading() as connection:
            alive = self._database.clock(connection) - GONE
            others = (
                select(holds.c.member)
                .join(members, members.c.token == holds.c.member)
                .where(
                    holds.c.generation != generation,
                    members.c.token != but,
                    members.c.heartbeat > alive,
                )
            )
            return connection.execute(others.limit(1)).first() is not None
