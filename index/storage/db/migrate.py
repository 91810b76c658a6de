"""The schema version of the ledger, and migrations between versions.

On SQLite, opening the ledger upgrades the schema. On PostgreSQL, which several machines share, a
command upgrades it. A downgrade always needs a command.
"""

import secrets
import threading
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, text

from index.errors import LedgerError
from index.storage.db import postgres
from index.storage.db.database import Database
from index.storage.db.oldest import require_supported
from index.storage.db.schema import identity, metadata

NEWEST = "0009"  # the last revision in migrations/versions
MIGRATIONS = Path(__file__).parent / "migrations"
_alembic = threading.Lock()  # Alembic has one environment per process


def upgrade_schema(database: Database) -> bool:
    """Create the tables or upgrade them; return whether anything changed. Takes no write lock if
    the tables are up to date."""
    with database.reading() as connection:
        if version(connection) == NEWEST:
            return False
    return migrate_schema(database, NEWEST)


def migrate_schema(database: Database, wanted: str) -> bool:
    """Migrate the tables to version `wanted`, newer or older, in one transaction. Returns whether
    anything changed. Raises `LedgerError` for an unknown version, or if this version cannot read
    the tables."""
    with database.writing() as connection:
        if not database.is_sqlite:
            postgres.lift_limits(connection)
        found = version(connection)
        if found == wanted:
            return False
        require_known(database, found)
        from alembic import command  # slow to import
        from alembic.config import Config

        if wanted not in (versions := [name for name, _ in changes()]):
            raise LedgerError(
                f"The ledger has no schema version {wanted}.",
                f"This version of Nearsay knows: {', '.join(versions)}.",
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
    """Return every schema version, oldest first, with a description of its change."""
    from alembic.script import ScriptDirectory  # slow to import

    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return [(script.revision, " ".join(script.doc.split())) for script in scripts][::-1]


def require_known(database: Database, found: str | None) -> None:
    """Raise `LedgerError` if a newer version of Nearsay created the tables, or one before 1.0.0."""
    require_supported(database.name, found)
    if found is not None and found > NEWEST:
        raise LedgerError(
            f"The ledger {database.name} was written by a newer version of Nearsay: its schema "
            f"version is {found}, and this version knows versions up to {NEWEST}.",
            "Install the newer version; or, after a backup, downgrade the schema with it: "
            f"nearsay migrate --to {NEWEST} --down",
        )


def require_newest(database: Database) -> None:
    """Raise `LedgerError` unless the schema is at version `NEWEST`."""
    with database.reading() as connection:
        found = version(connection)
    require_known(database, found)
    if found != NEWEST:
        what = "is empty" if found is None else f"has schema version {found}"
        raise LedgerError(
            f"The ledger's database {database.name} {what}; version {NEWEST} is needed.",
            "Upgrade it with: nearsay migrate",
        )


def version(connection: Connection) -> str | None:
    """Return the schema version, or None if there are no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
