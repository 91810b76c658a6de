"""The version of the ledger's tables, and the ways to the newest and back.

On SQLite the ledger is brought up to date by whoever opens it; on PostgreSQL, which several
machines share, by a command. Going back is always asked for.
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
_alembic = threading.Lock()  # it has one environment a process


def bring_up_to_date(database: Database) -> bool:
    """Makes the tables, or changes them to what this version of Nearsay uses; returns whether
    there was anything to do. Whoever comes second finds it done; where there is nothing to do,
    nobody is waited for."""
    with database.reading() as connection:
        if version(connection) == NEWEST:
            return False
    return change_to(database, NEWEST)


def change_to(database: Database, wanted: str) -> bool:
    """Changes the tables to those of version `wanted`, newer or older than they are, all or
    nothing; returns whether there was anything to do. Raises `LedgerError` for a version that is
    none, and where a newer Nearsay than this one made the tables."""
    with database.writing() as connection:
        found = version(connection)
        if found == wanted:
            return False
        require_known(database, found)
        from alembic import command  # takes a while to import, and is hardly ever needed
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
    """Every version of the tables, the first one first, with what it brought, in a sentence."""
    scripts = _scripts().walk_revisions()
    return [(script.revision, " ".join(script.doc.split())) for script in scripts][::-1]


def require_known(database: Database, found: str | None) -> None:
    """Raises `LedgerError` where the tables are of a version that this Nearsay does not know."""
    if found is not None and found > NEWEST:
        raise LedgerError(
            f"The ledger {database.name} was written by a newer version of Nearsay: its tables "
            f"are of version {found}, and this one knows them up to {NEWEST}.",
            "Install that version of Nearsay; or go back with its own "
            f"`nearsay migrate --to {NEWEST} --down`, after a backup.",
        )


def require_newest(database: Database) -> None:
    """Raises `LedgerError` unless the tables are those that this version uses."""
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
    """The version of the tables, or None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS))
