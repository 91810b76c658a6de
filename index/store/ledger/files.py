"""The files of sources as they were read last, so that those unchanged are not read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select

from index.sources.known import KnownFile
from index.store.ledger.database import Database
from index.store.ledger.tables import files


class Files:
    """What is remembered of files (see `index.sources.known.KnownFiles`). Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def files(self, source: str, reader: str) -> dict[str, KnownFile]:
        """The files of a source by path, as far as this reader has read them."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(files.c.path, files.c.content).where(
                    files.c.source == source, files.c.reader == reader
                )
            )
            known = {path: _known(content) for path, content in rows}
        return {path: file for path, file in known.items() if file is not None}

    def keep_files(self, source: str, reader: str, known: Mapping[str, KnownFile]) -> None:
        """Remembers these files of a source, in the place of all that were. Only what differs is
        written."""
        with self._database.writing() as connection:
            found = connection.execute(
                select(files.c.path, files.c.reader, files.c.content).where(
                    files.c.source == source
                )
            )
            before = {path: (by, content) for path, by, content in found}
            rows = [
                {"source": source, "path": path, "reader": reader, "content": content}
                for path, file in known.items()
                if before.get(path) != (reader, content := file.to_json())
            ]
            self._database.put(connection, files, rows)
            for path in before.keys() - known.keys():
                connection.execute(
                    delete(files).where(files.c.source == source, files.c.path == path)
                )

    def forget_all_but(self, sources: Collection[str]) -> None:
        """Forgets the files of sources that are gone."""
        with self._database.writing() as connection:
            connection.execute(delete(files).where(files.c.source.not_in(list(sources))))


def _known(content: str) -> KnownFile | None:
    """The file of a row; one that this version cannot read is read from the disk again."""
    try:
        return KnownFile.from_json(content)
    except (ValueError, KeyError, TypeError):
        return None
