"""The child process that builds the files of a generation.

Chroma holds the interpreter lock for seconds while it writes, and a damaged file can crash the
process. Neither may affect running queries.
"""

from __future__ import annotations

import errno
import logging
import shutil
from collections.abc import Iterable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.child_process import Child, listen, lower_priority
from index.errors import IndexCorrupted, StoreError
from index.progress import Progress
from index.storage.chroma.server import ChromaServer
from index.storage.directories import not_writable
from index.storage.generation import ENTRIES, VECTORS
from index.storage.manifest import Base, BuildOrder

logger = logging.getLogger(__name__)

MIN_FREE_BYTES = 1_000_000  # a disk with less free space counts as full
ROWS_PER_WRITE = 500  # rows of the array per write
INPUT_COMPLETE = "filled"  # the message to the child that all vectors are written


class Builder:
    """Builds one generation in a child process, which starts early because starting takes a second.

    `base` is a generation in the same embedding space to start from, if any. Call `start`, then
    `add` with the vectors, then `finish`. The child is killed at the end of the `with` block. The
    vector index is on `server` if given, otherwise in the generation's folder.
    """

    def __init__(self, base: Base | None = None, server: ChromaServer | None = None) -> None:
        self._child = Child(_build, base, server)

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()

    def start(self, folder: Path, order: BuildOrder, entries: Iterable[str], passages: int) -> None:
        """Start the build of a generation in the empty `folder`.

        `entries` are lines written by `entry_to_json`; together they have `passages` passages.
        """
        dimensions = order.fingerprint.dimensions
        with (folder / ENTRIES).open("w", encoding="utf-8") as lines:
            lines.writelines(f"{entry}\n" for entry in entries)
        self._vectors = np.lib.format.open_memmap(
            folder / VECTORS, mode="w+", dtype=np.float32, shape=(passages, dimensions)
        )
        # Allocate the whole file now: writing to a mapped file on a full disk is a fatal SIGBUS.
        with (folder / VECTORS).open("r+b") as file:
            file.seek(self._vectors.offset)
            row = bytes(self._vectors.itemsize * dimensions)
            for start in range(0, passages, ROWS_PER_WRITE):
                file.write(row * min(ROWS_PER_WRITE, passages - start))
        self._child.send((folder, order))

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Write vectors of the passages in `rows`: `float32[k, d]`, or one `float32[d]` for all."""
        self._vectors[list(rows)] = vectors

    def finish(self, progress: Progress) -> dict[str, str]:
        """Wait until the files are written and verified, and return their digests.

        All vectors must have been added. Raises `StoreError` when the folder cannot be written or
        the verification fails.
        """
        self._child.send(INPUT_COMPLETE)
        while True:
            try:
                kind, *content = self._child.receive()
            except (EOFError, ConnectionError) as error:
                raise IndexCorrupted(
                    f"The build process exited early (status {self._child.status()}).",
                    "Try again; the previous index is still in use.",
                ) from error
            if kind == "failed":
                raise content[0]
            if kind == "done":
                return dict(content[0])
            progress(*content)


def _build(connection: Connection, base: Base | None, server: ChromaServer | None) -> None:
    lower_priority()
    messages = listen(connection)
    from index.indexing.worker import write_files  # slow import

    folder, order = messages.get()

    def tell(phase: str, done: int, total: int) -> None:
        connection.send(("progress", phase, done, total))

    try:
        connection.send(("done", write_files(base, server, folder, order, messages.get, tell)))
    except IndexCorrupted as error:
        connection.send(("failed", _full(folder) if _is_full(folder, error) else error))
    except StoreError as error:
        connection.send(("failed", error))
    except OSError as error:
        full = error.errno == errno.ENOSPC
        connection.send(("failed", _full(folder) if full else not_writable(folder.parent, error)))
    except Exception as error:
        logger.exception("Could not build a generation")
        connection.send(("failed", IndexCorrupted(f"The index could not be built: {error}", "")))


def _is_full(folder: Path, error: IndexCorrupted) -> bool:
    """Return whether a full disk caused the error. Chroma does not always report a full disk, and
    may have freed space since."""
    free = shutil.disk_usage(folder).free
    needed = max(MIN_FREE_BYTES, (folder / VECTORS).stat().st_size)
    return free < needed or "disk is full" in error.message


def _full(folder: Path) -> StoreError:
    return StoreError(
        f"The disk is full: there is no room for another generation in {folder.parent}.",
        "Free some space, then reindex; the previous index is still in use.",
    )
