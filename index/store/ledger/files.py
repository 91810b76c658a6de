"""The files of sources as they were read last, so that those unchanged are not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import delete, select

from index.sources.known import KnownFile
from index.store.ledger.database import Database
from index.store.ledger.tables import files

_Made = dict[str, tuple[bytes, KnownFile]]
"""Files by path, each with the SHA-256 of the row that it was made of."""


class Files:
    """What is remembered of files (see `index.sources.known.KnownFiles`). Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: dict[str, _Made] = {}  # by source

    def files(self, source: str, reader: str) -> Mapping[str, KnownFile]:
        """The files of a source by path, as far as this reader has read them."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(files.c.path, files.c.content).where(
                    files.c.source == source, files.c.reader == reader
                )
            )
            found = {row.path: row.content for row in rows}
        made = self._made.get(source, {})
        self._made[source] = {path: made[path] for path in found.keys() & made.keys()}
        return _Remembered(found, self._made[source])

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


class _Remembered(Mapping[str, KnownFile]):
    """Files by path, each made of its row when it is first asked for, unless it has been `made` of
    the same row before; a row that this version cannot read is as if it were not there, and the
    file is read from the disk again."""

    def __init__(self, rows: Mapping[str, str], made: _Made) -> None:
        self._rows = dict(rows)
        self._made = made
        self._files: dict[str, KnownFile] = {}

    def __getitem__(self, path: str) -> KnownFile:
        if path not in self._files:
            self._files[path] = self._file(path, self._rows[path])
        return self._files[path]

    def _file(self, path: str, row: str) -> KnownFile:
        digest = hashlib.sha256(row.encode()).digest()
        before, file = self._made.get(path, (b"", None))
        if file is None or before != digest:
            try:
                file = KnownFile.from_json(row)
            except (ValueError, TypeError) as error:
                raise KeyError(path) from error
            self._made[path] = (digest, file)
        return file

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
