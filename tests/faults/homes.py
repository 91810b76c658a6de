"""Data directories with their ledgers, on SQLite or PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from index.storage import Store
from index.storage.db.database import Database
from index.storage.db.ledger import Ledger
from tests.support.postgres import copied_database, drop_database
from tests.support.stores import open_store


@dataclass(frozen=True, slots=True)
class Home:
    """A data directory, and the URL of its ledger (empty for SQLite in the directory)."""

    data: Path
    database: str = ""

    @classmethod
    def fresh(cls, data: Path, database: str) -> Home:
        """Return a data directory and an empty database in which the tables have been created."""
        Ledger.migrate(data, database)
        return cls(data, database)

    @property
    def arguments(self) -> tuple[str, str]:
        """The first arguments of each program in this package."""
        return str(self.data), self.database

    def store(self) -> Store:
        return open_store(self.data, self.database)

    @contextmanager
    def ledger(self) -> Iterator[Connection]:
        """Yield a connection in a transaction, for statements that `Ledger` does not offer."""
        database = Database.open(self.data, self.database)
        with closing(database), database.writing() as connection:
            yield connection

    @contextmanager
    def copied(self, data: Path) -> Iterator[Home]:
        """Yield a copy in another directory, with a database that is dropped after the block.
        Nothing may be connected to the original database."""
        shutil.copytree(self.data, data)
        if not self.database:
            yield Home(data)
            return
        database = copied_database(self.database)
        try:
            yield Home(data, database)
        finally:
            drop_database(database)
