"""The vector cache, so that each text is embedded only once per model."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, select, tuple_

from index.storage.db.database import AT_ONCE
from index.storage.db.part import LedgerPart
from index.storage.db.schema import vectors


class Vectors(LedgerPart):
    """Vectors by space (`Fingerprint.key`) and text digest (`Passage.digest`). Thread-safe."""

    def get(self, space: str, digests: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the known vectors, `float32[d]` each, by digest."""
        found: dict[str, NDArray[np.float32]] = {}
        with self._database.reading() as connection:
            for start in range(0, len(digests), AT_ONCE):
                part = digests[start : start + AT_ONCE]
                rows = connection.execute(
                    select(vectors.c.digest, vectors.c.vector).where(
                        vectors.c.space == space, vectors.c.digest.in_(part)
                    )
                )
                for digest, content in rows:
                    found[digest] = np.frombuffer(content, dtype="<f4")
        return found

    def keep(self, space: str, digests: Sequence[str], rows: NDArray[np.float32]) -> None:
        """Save `rows` (`float32[n, d]`) under their digests, replacing existing vectors."""
        values = [
            {"space": space, "digest": digest, "vector": row.astype("<f4").tobytes()}
            for digest, row in zip(digests, rows, strict=True)
        ]
        with self._database.writing() as connection:
            self._database.put(connection, vectors, values)

    def count(self) -> int:
        return int(self._database.value(select(func.count()).select_from(vectors)))

    def spaces(self) -> set[str]:
        rows = self._database.rows(select(vectors.c.space).distinct())
        return {str(row["space"]) for row in rows}

    def keep_only(self, needed: Collection[tuple[str, str]]) -> None:
        """Delete all vectors except those with these spaces and digests."""
        with self._database.writing() as connection:
            known = connection.execute(select(vectors.c.space, vectors.c.digest)).all()
            gone = [row for row in known if row not in needed]
            key = tuple_(vectors.c.space, vectors.c.digest)
            for start in range(0, len(gone), AT_ONCE):
                part = gone[start : start + AT_ONCE]
                connection.execute(delete(vectors).where(key.in_(part)))
