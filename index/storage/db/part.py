"""The base class for the ledger's record stores, and the conversion of rows."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable

from index.entry_json import from_fields
from index.storage.db.database import Database

Kind = TypeVar("Kind")


class LedgerPart:
    """A part of the ledger that stores records for one purpose. Thread-safe. Methods raise
    `LedgerError` if the database cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database


def count_changed(connection: Connection, statement: Executable) -> int:
    return int(connection.execute(statement).rowcount)


def from_row(kind: type[Kind], row: Mapping[Any, Any], **others: Any) -> Kind:
    """Convert a row to a dataclass; `others` override columns, and `at` becomes a datetime."""
    values: dict[str, Any] = {**row, **others}
    return from_fields(kind, values | {"at": datetime.fromtimestamp(values["at"], UTC)})
