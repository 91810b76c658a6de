"""The ledger: one object for all record stores (questions, edits, generations, …) in a database."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path

from sqlalchemy import select

from index.entry import Entry
from index.storage.db.access_tokens import AccessTokens
from index.storage.db.audit import Audit
from index.storage.db.database import FILE, Database
from index.storage.db.drafts import Drafts
from index.storage.db.edits import EditRecord, Edits
from index.storage.db.generation_files import GenerationFiles
from index.storage.db.generations import Generations, switch
from index.storage.db.lease import Lease
from index.storage.db.migrate import NEWEST, migrate_schema, require_newest, upgrade_schema, version
from index.storage.db.processes import Members
from index.storage.db.questions import Questions
from index.storage.db.scheduled_jobs import ScheduledJobs
from index.storage.db.schema import identity
from index.storage.db.source_files import SourceFiles
from index.storage.db.suggestions import Suggestions
from index.storage.db.traces import Removals
from index.storage.db.usage_stats import UsageStats
from index.storage.db.vector_cache import Vectors
from index.storage.db.way_ledger import WayProposals


class Ledger:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.generations = Generations(database)
        self.vectors = Vectors(database)
        self.files = SourceFiles(database)
        self.lease = Lease(database)
        self.audit = Audit(database)
        self.access_tokens = AccessTokens(database)
        self.questions = Questions(database)
        self.usage_stats = UsageStats(database)
        self.claims = ScheduledJobs(database)
        self.edits = Edits(database)
        self.suggestions = Suggestions(database)
        self.drafts = Drafts(database)
        self.ways = WayProposals(database)
        self.removals = Removals(database)
        self.members = Members(database)
        self.generation_files = GenerationFiles(database)

    @classmethod
    def open(cls, folder: Path, url: str = "") -> Ledger:
        """Open the ledger at a database URL, or in the data directory `folder` if the URL is empty.
        On SQLite its tables are created or migrated. Raises `LedgerError` if it cannot be used, or
        if the schema version on PostgreSQL differs."""
        database = Database.open(folder, url)
        if database.is_sqlite:
            upgrade_schema(database)
        else:
            require_newest(database)
        return cls(database)

    @classmethod
    def migrate(cls, folder: Path, url: str = "", to: str = NEWEST) -> bool:
        """Create the tables or migrate them to version `to`; return whether anything changed. A
        downgrade deletes data for which the older version has no tables or columns."""
        with closing(Database.open(folder, url)) as database:
            return migrate_schema(database, to)

    @classmethod
    def version(cls, folder: Path, url: str = "") -> str | None:
        """Return the schema version, or None if there are no tables. Changes nothing."""
        if not url and not (folder / FILE).exists():
            return None
        with closing(Database.open(folder, url)) as database, database.reading() as connection:
            return version(connection)

    def roll_back(
        self, name: str, expected: str | None, edits: int, shown: Mapping[str, Entry], by: str
    ) -> list[EditRecord]:
        """Make an older generation current and reset the edits to its state, in one transaction.
        `shown` are its entries by id, `edits` the number of its last edit. Pauses scheduled
        reindexing. Returns the overridden edits (see `Edits.roll_back`); raises the errors of
        `generations.switch`."""
        with self._database.writing() as connection:
            switch(connection, name, expected, paused=True)
            return self.edits.roll_back(connection, edits, shown, by)

    @cached_property
    def identity(self) -> str:
        """The id of this ledger: eight hexadecimal digits."""
        return str(self._database.value(select(identity.c.name)))

    @property
    def is_shared(self) -> bool:
        return not self._database.is_sqlite

    @property
    def name(self) -> str:
        """The database's name for messages, without its password."""
        return self._database.name

    def close(self) -> None:
        self._database.close()
