"""The files of sources as they were read last, so that those unchanged are not read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress

from sqlalchemy import delete, select

from index.sources.file_cache import CachedFile
from index.storage.db.part import LedgerPart
from index.storage.db.schema import files


class SourceFiles(LedgerPart):
    """The files of sources as they were read last. Threads may share it."""

    def files(self, source: str, reader: str) -> Mapping[str, CachedFile]:
        """The files of a source by path, as far as this reader has read them; one that this version
        cannot read is left out, and read from the disk again."""
        own = (files.c.source == source) & (files.c.reader == reader)
        known: dict[str, CachedFile] = {}
        for row in self._database.rows(select(files).where(own)):
            with suppress(ValueError, KeyError, TypeError):
                known[row["path"]] = CachedFile.from_json(row["content"])
        return known

    def keep_files(
        self, source: str, reader: str, changed: Mapping[str, CachedFile], gone: Collection[str]
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
        self._database.run(delete(files).where(files.c.source.not_in(list(sources))))
