"""What the parts of the ledger have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable

from index.entry_json import from_fields
from index.storage.db.database import Database

Kind = TypeVar("Kind")


class LedgerPart:
    """A part of what is kept in one database. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database


def count_changed(connection: Connection, statement: Executable) -> int:
    """Run a statement; return how many rows it changed."""
    return int(connection.execute(statement).rowcount)


def from_row(kind: type[Kind], row: Mapping[Any, Any], **others: Any) -> Kind:
    """A dataclass whose fields have the names of a row's columns, but for `others`; its `at` is a
    time."""
    values: dict[str, Any] = {**row, **others}
    return from_fields(kind, values | {"at": datetime.fromtimestamp(values["at"], UTC)})
