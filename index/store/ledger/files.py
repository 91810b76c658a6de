"""The files of sources as they were read last, so that those unchanged are not read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select

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
            return {path: KnownFile.from_json(content) for path, content in rows}

    def keep_files(self, source: str, reader: str, known: Mapping[str, KnownFile]) -> None:
        """Remembers these files of a source, in the place of all that were."""
        rows = [
            {"source": source, "path": path, "reader": reader, "content": file.to_json()}
            for path, file in known.items()
        ]
        with self._database.writing() as connection:
            connection.execute(delete(files).where(files.c.source == source))
            if rows:
                connection.execute(insert(files), rows)

    def forget_all_but(self, sources: Collection[str]) -> None:
        """Forgets the files of sources that are gone."""
        with self._database.writing() as connection:
            connection.execute(delete(files).where(files.c.source.not_in(list(sources))))
