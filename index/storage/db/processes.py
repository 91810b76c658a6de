"""Which processes use the ledger now, and which generations they read, wherever they run."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, insert, select, update

from index.errors import NotFound
from index.storage.db.part import LedgerPart, count_changed
from index.storage.db.schema import generations, holds, members

BEAT = 1.0  # seconds between two heartbeats
GONE = 5.0  # seconds without one after which others answer for a process
READING = 30.0  # seconds without one after which a process reads nothing any more
FORGOTTEN = 3_600.0  # seconds after which its row goes


class Members(LedgerPart):
    """The processes that use one database. Threads may share it."""

    def join(self, words: str, token: str = "") -> str:
        """Adds a process, which `words` describe to people; its token, a new one unless given."""
        token = token or secrets.token_hex(16)
        with self._database.writing() as connection:
            now = self._database.clock(connection)
            connection.execute(delete(members).where(members.c.heartbeat < now - FORGOTTEN))
            connection.execute(insert(members).values(token=token, words=words, heartbeat=now))
        return token

    def beat(self, token: str) -> bool:
        """Says that a process lives; False where it counted as gone for so long that it has to
        join again."""
        with self._database.writing() as connection:
            now = self._database.clock(connection)
            beating = update(members).where(members.c.token == token).values(heartbeat=now)
            return bool(count_changed(connection, beating))

    def leave(self, token: str) -> None:
        """A process ends: it reads nothing, and what it had to answer is free."""
        self._database.run(delete(members).where(members.c.token == token))

    def hold(self, token: str, generation: str) -> None:
        """Says that a process reads a generation, which is kept meanwhile. Raises `NotFound` when
        that has been removed."""
        with self._database.writing() as connection:
            # Whoever removes it locks the same row: one of the two sees what the other did.
            state = connection.execute(
                select(generations.c.state)
                .where(generations.c.name == generation)
                .with_for_update()
            ).scalar()
            if state in (None, "removed"):
                raise NotFound(f"Generation {generation} is not kept any more.", "See: generations")
            row = {"member": token, "generation": generation}
            self._database.add_new(connection, holds, [row])

    def release(self, token: str, generation: str) -> None:
        """Says that a process reads a generation no more."""
        own = (holds.c.member == token) & (holds.c.generation == generation)
        self._database.run(delete(holds).where(own))

    def read_another(self, generation: str, but: str) -> bool:
        """Whether a process that lives, `but` the one of that token, reads a generation other than
        this one."""
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

    def count(self) -> int:
        """How many processes there are."""
        with self._database.reading() as connection:
            now = self._database.clock(connection)
            living = select(members.c.token).where(members.c.heartbeat > now - READING)
            return len(connection.execute(living).all())
