"""A fresh ledger on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.storage.db.database import Database
from index.storage.db.ledger import Ledger
from index.storage.db.migrate import upgrade_schema


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """An empty ledger's database."""
    database = Database.open(tmp_path, database_url)
    upgrade_schema(database)
    yield database
    database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)
