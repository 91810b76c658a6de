"""A fresh ledger on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.storage.db import Ledger
from index.storage.db.database import Database
from index.storage.db.migrate import upgrade_schema


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """An empty ledger's database."""
    database = Database.at(database_url) if database_url else Database.of_folder(tmp_path)
    upgrade_schema(database)
    yield database
    database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)
