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

    def keep_files(
        self, source: str, reader: str, changed: Mapping[str, KnownFile], gone: Collection[str]
    ) -> None:
        """Remembers the files of a source that are new or have changed, by path, and forgets those
        that are gone and what another reader read."""
        rows = [
            {"source": source, "path": path, "reader": reader, "content": file.to_json()}
            for path, file in changed.items()
        ]
        with self._database.writing() as connection:
            self._database.put(connection, files, rows)
            of_source = delete(files).where(files.c.source == source)
            connection.execute(of_source.where(files.c.reader != reader))
            for path in gone:
                connection.execute(of_source.where(files.c.path == path))

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
