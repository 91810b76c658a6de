"""The cache of source files, so that unchanged files are not parsed again."""

from collections.abc import Collection, Mapping
from contextlib import suppress

from sqlalchemy import delete, select

from index.sources.file_cache import CachedFile
from index.storage.db.part import LedgerPart
from index.storage.db.schema import files


class SourceFiles(LedgerPart):
    def files(self, source: str, reader: str) -> Mapping[str, CachedFile]:
        """Return the readable cached files of a source and reader, by path."""
        own = (files.c.source == source) & (files.c.reader == reader)
        known: dict[str, CachedFile] = {}
        for row in self._database.rows(select(files).where(own)):
            with suppress(ValueError, KeyError, TypeError):
                known[row["path"]] = CachedFile.from_json(row["content"])
        return known

    def keep_files(
        self, source: str, reader: str, changed: Mapping[str, CachedFile], gone: Collection[str]
    ) -> None:
        """Save the new and changed files of a source, by path. Deletes the `gone` files, and all
        files of the source that another reader saved."""
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
        """Delete the cached files of all sources except `sources`."""
        self._database.run(delete(files).where(files.c.source.not_in(list(sources))))
