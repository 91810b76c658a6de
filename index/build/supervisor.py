"""The child process that builds the files of a generation.

Chroma holds the interpreter lock for seconds while it writes, and a file that is damaged can take
the process down; neither must reach the people who are asking.
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

from index.build.child_process import Child, listen, stand_back
from index.build.worker import Base, FileWriter, Tell
from index.errors import IndexCorrupted, StoreError
from index.statistics.background import Background
from index.storage.chroma.server import ChromaServer
from index.storage.directories import not_writable
from index.storage.generation import BACKGROUND, ENTRIES, VECTORS
from index.storage.manifest import Order

logger = logging.getLogger(__name__)

ROOM = 1_000_000  # bytes; a disk with less is full
AT_ONCE = 500  # rows of the array that are written together
FILLED = "filled"  # said to the child when all vectors are there


class Builder:
    """Builds one generation, in a child process that starts at once, beside what the caller does:
    the first one of a process takes a second.

    `base` is a generation of the same space to start from, when there is one. `begin` says what to
    build, `add` gives the vectors as they come, `finish` waits for the end. Whatever happens, the
    child is gone when the `with` block ends. The vectors go to the `server`, where one is
    given, and into the generation's folder else.
    """

    def __init__(self, base: Base | None = None, server: ChromaServer | None = None) -> None:
        self._child = Child(_build, base, server)

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.end()

    def begin(
        self,
        folder: Path,
        order: Order,
        entries: Iterable[str],
        passages: int,
        background: Background,
    ) -> None:
        """Begins to build a generation in the empty `folder`: of these entries (each as
        `entry_to_json` gives it), which have so many passages, to be told from the `background`,
        which lies in the same space."""
        dimensions = background.vectors.shape[1]
        with (folder / ENTRIES).open("w", encoding="utf-8") as lines:
            lines.writelines(f"{entry}\n" for entry in entries)
        self._vectors = np.lib.format.open_memmap(
            folder / VECTORS, mode="w+", dtype=np.float32, shape=(passages, dimensions)
        )
        # The file takes its room on the disk now: were there none later, the system would end
        # the process that writes to the mapped file.
        with (folder / VECTORS).open("r+b") as file:
            file.seek(self._vectors.offset)
            row = bytes(self._vectors.itemsize * dimensions)
            for start in range(0, passages, AT_ONCE):
                file.write(row * min(AT_ONCE, passages - start))
        background.save(folder / BACKGROUND)
        self._child.send((folder, order))

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Gives the vectors (`float32[k, d]`) of the passages at these rows, in the order of
        `passages_of`."""
        self._vectors[list(rows)] = vectors

    def finish(self, tell: Tell) -> dict[str, str]:
        """Says that all vectors are there, and waits until everything is written and verified; the
        digests of the files. Raises `StoreError` when the folder cannot be written, or what was
        written is not what is read back."""
        self._child.send(FILLED)
        while True:
            try:
                kind, *content = self._child.receive()
            except (EOFError, ConnectionError) as error:
                raise IndexCorrupted(
                    f"Building the index ended before it was done (status {self._child.status()}).",
                    "Try again; the index that was current before still serves.",
                ) from error
            if kind == "failed":
                raise content[0]
            if kind == "done":
                return dict(content[0])
            tell(*content)


def _build(line: Connection, base: Base | None, server: ChromaServer | None) -> None:
    """The child: builds, and says how far it is and how it ended."""
    stand_back()
    writer = FileWriter(base, server)
    writer.prepare()  # while the parent is still reading and embedding
    messages = listen(line)
    folder, order = messages.get()

    def tell(phase: str, done: int, total: int) -> None:
        line.send(("progress", phase, done, total))

    try:
        line.send(("done", writer.write(folder, order, messages.get, tell)))
    except IndexCorrupted as error:
        line.send(("failed", _full(folder) if _is_full(folder, error) else error))
    except StoreError as error:
        line.send(("failed", error))
    except OSError as error:
        line.send(("failed", _not_writable(folder, error)))
    except Exception as error:
        logger.exception("a generation could not be built")
        line.send(("failed", IndexCorrupted(f"The index could not be built: {error}", "")))


def _is_full(folder: Path, error: IndexCorrupted) -> bool:
    """Whether it was for want of room: Chroma does not always say so, and may have given some
    back."""
    free = shutil.disk_usage(folder).free
    return free < max(ROOM, (folder / VECTORS).stat().st_size) or "disk is full" in error.message


def _not_writable(folder: Path, error: OSError) -> StoreError:
    full = error.errno == errno.ENOSPC
    return _full(folder) if full else not_writable(folder.parent, error)


def _full(folder: Path) -> StoreError:
    return StoreError(
        f"The disk is full: {folder.parent} cannot take another generation.",
        "Free some space, then reindex; the index that was current before still serves.",
    )
