"""The version of the ledger's tables, and the way to the newest.

On SQLite the ledger is brought up to date by whoever opens it; on PostgreSQL, which several
machines share, by a command.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from index.errors import LedgerError
from index.store.ledger.database import Database

NEWEST = "0005"  # the last revision in migrations/versions
MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(database: Database) -> bool:
    """Makes the tables, or changes them to what this version of Nearsay uses; returns whether
    there was anything to do. Whoever comes second finds it done; where there is nothing to do,
    nobody is waited for."""
    with database.reading() as connection:
        if version(connection) == NEWEST:
            return False
    with database.writing() as connection:
        if version(connection) == NEWEST:
            return False
        from alembic import command  # takes a while to import, and is hardly ever needed
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise LedgerError(
                f"The ledger {database.name} was written by a newer version of Nearsay.",
                "Install that version, or a later one.",
            ) from error
        return True


def require_newest(database: Database) -> None:
    """Raises `LedgerError` unless the tables are those that this version uses."""
    with database.reading() as connection:
        found = version(connection)
    if found != NEWEST:
        what = "is empty" if found is None else f"has version {found} of its tables"
        raise LedgerError(
            f"The ledger's database {database.name} {what}; version {NEWEST} is needed.",
            "Bring it up to date with: nearsay migrate",
        )


def version(connection: Connection) -> str | None:
    """The version of the tables, or None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
