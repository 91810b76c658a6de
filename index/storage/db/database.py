"""The database under the ledger: connections, transactions and translated errors.

Only this module handles the differences between SQLite and PostgreSQL.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Executable,
    StaticPool,
    Table,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from index.errors import LedgerError
from index.storage.db import postgres
from index.storage.db.oldest import require_supported_file

AT_ONCE = 250  # rows read or written per statement
BUSY = 5  # seconds to wait for another transaction
PAGE_CACHE_KIB = 512  # per SQLite connection; the operating system caches the rest
FILE = "ledger.sqlite3"


class Database:
    """Connections to one database. Thread-safe. Operations raise `LedgerError` if the database
    cannot be used."""

    def __init__(self, engine: Engine, patience: float | None = None) -> None:
        """Use the connections of `engine`. If `patience` is given, all threads share one connection
        and wait up to `patience` seconds for it. A SQLAlchemy pool of size one is not fair: new
        threads overtake waiting ones."""
        self.engine = engine
        self._patience = patience
        self._shared = threading.Lock()
        self._writing = engine.execution_options(begin="BEGIN IMMEDIATE")

    @classmethod
    def at(
        cls,
        url: str,
        connections: int = postgres.CONNECTIONS,
        idle_s: int = postgres.IDLE_TIMEOUT_S,
    ) -> Database:
        """Open the database at a SQLAlchemy URL, `sqlite:///…` or `postgresql://…`. PostgreSQL gets
        at most `connections`, and ends a transaction that is idle for `idle_s` seconds. Raises
        `LedgerError` if the URL is invalid or its driver is not installed."""
        try:
            at_signs = url.partition("?")[0].count("@")
            if at_signs > 1 and not url.startswith("sqlite"):
                # Part of the password would be parsed as the host, which messages show.
                raise ArgumentError("an @ in the user name or password is written %40")
            parts = make_url(url)
            if parts.drivername in ("postgres", "postgresql"):
                parts = parts.set(drivername="postgresql+psycopg")
            if parts.get_backend_name() == "sqlite":
                return cls(_sqlite(parts))
            return cls(postgres.engine(parts, connections, idle_s))
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError):
            raise LedgerError(
                "DATABASE_URL cannot be used: it is not a valid database URL, or its driver is not "
                "installed.",
                "Write postgresql://user:password@host/name (in the password %40 for @, %2F for /, "
                "%3A for :) and install the driver (in Nearsay's folder: pip install -e "
                "'.[postgres]'), or unset DATABASE_URL to use SQLite.",
            ) from None  # the cause may quote a part of the password

    @classmethod
    def of_file(cls, file: Path | None, busy: float) -> Database:
        """Open a SQLite database in a file, or in memory, with one connection. An operation waits
        up to `busy` seconds: half of them for the connection, half for other processes."""
        url = URL.create("sqlite", database=str(file) if file else None)
        return cls(_sqlite(url, busy / 2, poolclass=StaticPool), patience=busy / 2)

    @classmethod
    def open(cls, folder: Path, url: str = "") -> Database:
        """Open the database at `url`, or else the SQLite database in `folder`. Creates the folder.
        Raises `LedgerError` if that fails, or if the file is of a version before 1.0.0."""
        if url:
            return cls.at(url)
        require_supported_file(folder / FILE)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(
                f"The data directory {folder} cannot be created: {error.strerror or error}.",
                "Fix its permissions, or set NEARSAY_DATA_DIR to another folder.",
            ) from error
        # As text, a ? or % in the path would have a meaning of its own.
        return cls(_sqlite(URL.create("sqlite", database=str(folder / FILE))))

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def name(self) -> str:
        """The database's name for messages, without the password and the options."""
        if self.is_sqlite:
            return str(self.engine.url.database)
        return self.engine.url.set(query={}).render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one snapshot of the database."""
        with self._in_turn(), self.translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in a write transaction, which an exception rolls back."""
        with self._in_turn(), self.translated(), self._writing.begin() as connection:
            yield connection

    def rows(self, chosen: Executable) -> list[dict[str, Any]]:
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(chosen).mappings()]

    def row(self, chosen: Executable) -> dict[str, Any] | None:
        return next(iter(self.rows(chosen)), None)

    def value(self, chosen: Executable) -> Any:
        """Return the first value of the first row of a query, or None."""
        with self.reading() as connection:
            return connection.execute(chosen).scalar()

    def run(self, statement: Executable) -> int:
        """Run one statement in its own transaction; return the number of changed rows."""
        with self.writing() as connection:
            return int(connection.execute(statement).rowcount)

    def truncate_log(self) -> None:
        """Empty SQLite's log, which still has what was deleted, unless another process reads."""
        if self.is_sqlite:
            self.run_one("PRAGMA wal_checkpoint(TRUNCATE)")

    def run_one(self, statement: str, *parameters: object) -> int:
        """Run one SQLite statement in its own transaction; return the number of changed rows.
        Bypasses SQLAlchemy's statement layer, whose Python code would hold up other threads."""
        with self._in_turn(), closing(self.engine.raw_connection()) as connection:
            try:
                return int(connection.cursor().execute(statement, parameters).rowcount)
            except sqlite3.Error as error:
                raise self._error(str(error)) from error

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._patience is None:
            yield
            return
        if not self._shared.acquire(timeout=self._patience):
            raise LedgerError("The database is busy with other work of this process.", "Try again.")
        try:
            yield
        finally:
            self._shared.release()

    def clock(self, connection: Connection) -> float:
        """Return the time of the database server, common to all processes, in epoch seconds."""
        sqlite = "SELECT (julianday('now') - 2440587.5) * 86400.0"
        postgres = "SELECT extract(epoch FROM clock_timestamp())"
        return float(connection.execute(text(sqlite if self.is_sqlite else postgres)).scalar_one())

    def add_new(
        self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Insert the rows whose keys do not exist yet."""
        if rows:
            connection.execute(_insert(table, self.is_sqlite).on_conflict_do_nothing(), rows)

    def add_one(self, connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert a row unless its key exists; return whether it was inserted."""
        keys = table.primary_key.columns
        insert = _insert(table, self.is_sqlite).on_conflict_do_nothing().returning(*keys)
        return connection.execute(insert, row).first() is not None

    def put(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows, replacing rows with the same keys."""
        if rows:
            connection.execute(_upsert(table, self.is_sqlite), rows)

    def lock_table(self, connection: Connection, table: Table) -> None:
        """Block other writers to `table` until this transaction ends. SQLite allows only one writer
        anyway."""
        if not self.is_sqlite:
            connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._error(str(error.orig)) from error
        except SQLAlchemyError as error:
            raise self._error(type(error).__name__) from error

    def _error(self, reason: str) -> LedgerError:
        reason = reason.strip().splitlines()[0].rstrip(".") if reason.strip() else "no reason given"
        for sign, (what, hint) in _MESSAGES.items():
            if sign in reason.casefold():
                return LedgerError(f"The ledger {self.name} {what}.", hint)
        if not self.is_sqlite:
            return LedgerError(
                f"The ledger's database {self.name} cannot be used: {reason}.",
                "Check that the database server is running and that DATABASE_URL is correct.",
            )
        return LedgerError(
            f"The ledger {self.name} cannot be used: {reason}.",
            "Check its permissions and the disk; `nearsay doctor` checks both.",
        )


_PERMISSIONS = "Fix the data directory's permissions, or set NEARSAY_DATA_DIR to another folder."
_DAMAGED = (
    "is damaged",
    "Restore it from a backup, or move it away and rebuild the index: nearsay index",
)
# Substrings of the databases' messages, and the messages to show instead.
_MESSAGES = {
    "database is locked": (
        "is locked by another process",
        "Wait until that process has finished, then try again.",
    ),
    "lock timeout": (
        f"is busy: other work has held a lock for {postgres.LOCK_TIMEOUT_S} seconds",
        "Try again in a minute.",
    ),
    "statement timeout": (
        f"did not answer within {postgres.STATEMENT_TIMEOUT_S} seconds",
        "Check the load of the database server, then try again.",
    ),
    "disk is full": ("cannot be written: the disk is full", "Free some space, then try again."),
    "disk i/o error": ("cannot be read or written", "Check the disk and its free space."),
    "readonly database": ("cannot be written: it is read-only", _PERMISSIONS),
    "unable to open database": ("cannot be opened", _PERMISSIONS),
    "malformed": _DAMAGED,
    "not a database": _DAMAGED,
}


@cache  # building the statement takes longer than running it
def _upsert(table: Table, is_sqlite: bool) -> Any:
    insert = _insert(table, is_sqlite)
    keys = list(table.primary_key.columns)
    others = {c.name: insert.excluded[c.name] for c in table.columns if c not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=others)


def _insert(table: Table, is_sqlite: bool) -> Any:
    if is_sqlite:
        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert  # slow import

    return insert(table)


def _sqlite(url: URL, busy: float = BUSY, **others: Any) -> Engine:
    options = {"timeout": busy, "isolation_level": None, "check_same_thread": False}
    engine = create_engine(url, connect_args=options, hide_parameters=True, **others)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # an acknowledged commit outlives a loss of power
            "foreign_keys=ON",
            # Overwrite deleted content with zeros.
            "secure_delete=ON",
            f"cache_size={-PAGE_CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # By default, sqlite3 begins a transaction at the first write, and none before DDL.
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine
