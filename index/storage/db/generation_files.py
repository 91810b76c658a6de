"""Copies of generations' files in the ledger, for machines that did not build them."""

import zlib
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import delete, insert, select

from index.storage.db.part import LedgerPart
from index.storage.db.schema import generation_files

PART = 4_000_000  # bytes of a file per row, before compression
LEVEL = 1  # zlib level; a higher one hardly shrinks vectors


class GenerationFiles(LedgerPart):
    def keep(self, generation: str, folder: Path, names: Iterable[str]) -> None:
        """Store the files `names` from `folder`, replacing any stored for the generation."""
        before = generation_files.c.generation == generation
        with self._database.writing() as connection:
            connection.execute(delete(generation_files).where(before))
            for name in names:
                with (folder / name).open("rb") as file:
                    part = 0
                    while (content := file.read(PART)) or part == 0:
                        row = {
                            "generation": generation,
                            "path": name,
                            "part": part,
                            "content": zlib.compress(content, LEVEL),
                        }
                        connection.execute(insert(generation_files).values(row))
                        part += 1

    def fetch(self, generation: str, folder: Path) -> int:
        """Write the stored files of a generation into `folder`; return their number."""
        table = generation_files
        with self._database.reading() as connection:
            parts = connection.execute(
                select(table.c.path, table.c.part)
                .where(table.c.generation == generation)
                .order_by(table.c.path, table.c.part)
            ).all()
            for name, part in parts:
                content = connection.execute(
                    select(table.c.content).where(
                        table.c.generation == generation, table.c.path == name, table.c.part == part
                    )
                ).scalar_one()
                file = folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("ab") as end:
                    end.write(zlib.decompress(content))
        return len({name for name, _ in parts})
