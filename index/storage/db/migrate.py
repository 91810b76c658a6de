"""The version of the ledger's tables, and migrations to other versions.

On SQLite opening the ledger migrates it. On PostgreSQL, which several machines share, a command
does. A downgrade always needs a command.
"""

from __future__ import annotations

import secrets
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, inspect, text

from index.errors import LedgerError
from index.storage.db.database import Database
from index.storage.db.schema import identity, metadata

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

NEWEST = "0006"  # the last revision in migrations/versions
MIGRATIONS = Path(__file__).parent / "migrations"
_alembic = threading.Lock()  # Alembic has one environment per process


def upgrade_schema(database: Database) -> bool:
    """Create the tables or migrate them to the newest version; return whether anything changed.

    Takes no write lock when there is nothing to do.
    """
    with database.reading() as connection:
        if version(connection) == NEWEST:
            return False
    return migrate_schema(database, NEWEST)


def migrate_schema(database: Database, wanted: str) -> bool:
    """Migrate the tables to version `wanted`, newer or older, in one transaction.

    Returns whether anything changed. Raises `LedgerError` for an unknown version, and where a newer
    Nearsay created the tables.
    """
    with database.writing() as connection:
        found = version(connection)
        if found == wanted:
            return False
        require_known(database, found)
        from alembic import command  # slow to import
        from alembic.config import Config

        if wanted not in (versions := [name for name, _ in changes()]):
            raise LedgerError(
                f"There is no version {wanted} of the ledger's tables.",
                f"Those that this Nearsay knows are {', '.join(versions)}.",
            )
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        with _alembic:
            if found is None:
                metadata.create_all(connection)
                connection.execute(insert(identity).values(id=1, name=secrets.token_hex(4)))
                command.stamp(config, NEWEST)
            if wanted < (found or NEWEST):
                command.downgrade(config, wanted)
            elif found is not None:
                command.upgrade(config, wanted)
        return True


def changes() -> list[tuple[str, str]]:
    """Return every version of the tables, oldest first, with a sentence on what it changed."""
    scripts = _scripts().walk_revisions()
    return [(script.revision, " ".join(script.doc.split())) for script in scripts][::-1]


def require_known(database: Database, found: str | None) -> None:
    """Raises `LedgerError` where a newer version of Nearsay created the tables."""
    if found is not None and found > NEWEST:
        raise LedgerError(
            f"The ledger {database.name} was written by a newer version of Nearsay: its tables "
            f"are of version {found}, and this one knows them up to {NEWEST}.",
            "Install that version of Nearsay; or go back with its own "
            f"`nearsay migrate --to {NEWEST} --down`, after a backup.",
        )


def require_newest(database: Database) -> None:
    """Raises `LedgerError` unless the tables are of this version."""
    with database.reading() as connection:
        found = version(connection)
    require_known(database, found)
    if found != NEWEST:
        what = "is empty" if found is None else f"has version {found} of its tables"
        raise LedgerError(
            f"The ledger's database {database.name} {what}; version {NEWEST} is needed.",
            "Bring it up to date with: nearsay migrate",
        )


def version(connection: Connection) -> str | None:
    """Return the version of the tables, or None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS))
