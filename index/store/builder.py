"""The child process that builds the files of a generation.

Chroma holds the interpreter lock for seconds while it writes, and a file that is damaged can take
the process down; neither must reach the people who are asking. The child ends with its parent.
"""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
import queue
import shutil
import signal
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.codec import entry_to_json
from index.courtesy import paced
from index.entry import Entry
from index.errors import StoreDamaged, StoreError
from index.space.background import Background
from index.store.building import Base, Order, Original, Tell, build
from index.store.generation import BACKGROUND, ENTRIES, VECTORS
from index.store.words import telling_tokens

logger = logging.getLogger(__name__)

ROOM = 1_000_000  # bytes; a disk with less is full
FILLED = "filled"  # said to the child when all vectors are there
PRELOADED = [
    "index.store.builder",
    "chromadb",
    "bm25s",
    "Stemmer",
    "scipy.cluster.hierarchy",
    "scipy.spatial",
]
NICE = 19  # the child takes what those who ask and the model leave over


class Builder:
    """Builds one generation, in a child process that starts at once, beside what the caller does:
    the first one of a process takes a second.

    `base` is a generation of the same space to start from, when there is one. `begin` says what to
    build, `add` gives the vectors as they come, `finish` waits for the end. Whatever happens, the
    child is gone when the `with` block ends.
    """

    def __init__(self, base: Base | None = None) -> None:
        self._base = base
        self._start()

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

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
        self._folder, self._order, self._background = folder, order, background
        dimensions = background.vectors.shape[1]
        with (folder / ENTRIES).open("w", encoding="utf-8") as lines:
            lines.writelines(f"{entry}\n" for entry in paced(entries))
        self._vectors = np.lib.format.open_memmap(
            folder / VECTORS, mode="w+", dtype=np.float32, shape=(passages, dimensions)
        )
        # The file takes its room on the disk now: were there none later, the system would end
        # the process that writes to the mapped file.
        with (folder / VECTORS).open("r+b") as file:
            file.seek(self._vectors.offset)
            for _ in range(passages):
                file.write(bytes(self._vectors.itemsize * dimensions))
        self._hand_over()

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Gives the vectors (`float32[k, d]`) of the passages at these rows, in the order of
        `passages_of`."""
        self._vectors[list(rows)] = vectors

    def filled(self) -> None:
        """Says that all vectors are there."""
        self._send(FILLED)

    def finish(self, tell: Tell) -> dict[str, str]:
        """Waits until everything is written and verified; the digests of the files.

        A copy of the generation before that turns out not to be usable is made good by building
        anew. Raises `StoreError` when the folder cannot be written, or what was written is not
        what is read back.
        """
        try:
            return self._outcome(tell)
        except StoreDamaged:
            if self._base is None:
                raise
            logger.warning("%s could not be copied; building anew", self._base.folder.name)
        self._end()
        self._base = None
        self._start()
        self._hand_over()
        self.filled()
        return self._outcome(tell)

    def _outcome(self, tell: Tell) -> dict[str, str]:
        try:
            while True:
                kind, *content = self._line.recv()
                if kind == "progress":
                    tell(*content)
                elif kind == "done":
                    return dict(content[0])
                else:
                    raise content[0]
        except (EOFError, ConnectionError) as error:
            self._child.join(5)
            raise StoreDamaged(
                f"Building the index ended before it was done (status {self._child.exitcode}).",
                "Try again; the index that was current before still serves.",
            ) from error

    def _hand_over(self) -> None:
        """Tells the child what to build. The whole background is written each time, since a child
        leaves less of it."""
        self._background.save(self._folder / BACKGROUND)
        self._started.result()
        self._send((self._folder, self._order))

    def _send(self, message: object) -> None:
        """What a child that has ended would have said is found by `_outcome`."""
        with suppress(ConnectionError):
            self._line.send(message)

    def _start(self) -> None:
        context = _context()
        self._line, theirs = context.Pipe()
        self._child = context.Process(
            target=_child, args=(theirs, self._base), name="nearsay-builder", daemon=True
        )
        beside = ThreadPoolExecutor(1)
        self._started = beside.submit(self._child.start)
        self._started.add_done_callback(lambda _: theirs.close())
        beside.shutdown(wait=False)

    def _end(self) -> None:
        if self._started.exception() is None:
            self._child.kill()
            self._child.join()
        self._line.close()


def build_at_once(
    folder: Path,
    order: Order,
    entries: Sequence[Entry],
    vectors: NDArray[np.float32],
    background: Background,
    tell: Tell,
) -> dict[str, str]:
    """Builds a generation of `entries` whose vectors (`float32[n, d]`) are all there."""
    with Builder() as builder:
        builder.begin(folder, order, map(entry_to_json, entries), len(vectors), background)
        builder.add(range(len(vectors)), vectors)
        builder.filled()
        return builder.finish(tell)


def _context() -> ForkServerContext | SpawnContext:
    """How the child starts: as a copy of a process that has imported what takes long, where the
    system can; that process is started with the first child, and ends with us."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def _child(line: Connection, base: Base | None) -> None:
    """The child: builds what it is told, and says how far it is and how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    with suppress(OSError, AttributeError):
        os.nice(NICE)
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    threadpool_limits(1)  # its other threads began before, and would not stand back
    original = Original(base) if base else None
    _import_what_takes_long()
    tokens = cache(telling_tokens())
    if original:
        original.read_ahead(tokens)
    messages: queue.SimpleQueue[object] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(line, messages), daemon=True).start()
    folder: Path
    order: Order
    folder, order = messages.get()  # type: ignore[misc]

    def tell(phase: str, done: int, total: int) -> None:
        line.send(("progress", phase, done, total))

    try:
        line.send(("done", build(folder, order, original, tokens, messages.get, tell)))
    except StoreDamaged as error:
        line.send(("failed", _full(folder) if _is_full(folder, error) else error))
    except StoreError as error:
        line.send(("failed", error))
    except OSError as error:
        line.send(("failed", _not_writable(folder, error)))
    except Exception as error:
        logger.exception("a generation could not be built")
        line.send(("failed", StoreDamaged(f"The index could not be built: {error}", "")))


def _listen(line: Connection, messages: queue.SimpleQueue[object]) -> None:
    """Takes what the parent sends, until the parent dies: then the child does."""
    with suppress(EOFError, OSError):
        while True:
            messages.put(line.recv())
    os._exit(1)


def _import_what_takes_long() -> None:
    """While the parent is still reading and embedding."""
    import index.store.vectors
    import index.store.words

    index.store.vectors.prepare()
    index.store.words.prepare()


def _is_full(folder: Path, error: StoreDamaged) -> bool:
    """Whether it was for want of room: Chroma does not always say so, and may have given some
    back."""
    free = shutil.disk_usage(folder).free
    return free < max(ROOM, (folder / VECTORS).stat().st_size) or "disk is full" in error.message


def _not_writable(folder: Path, error: OSError) -> StoreError:
    if error.errno == errno.ENOSPC:
        return _full(folder)
    return StoreError(
        f"The data directory {folder.parent} cannot be written: {error.strerror or error}.",
        "Free some space or mend its permissions, or set NEARSAY_DATA_DIR to another folder.",
    )


def _full(folder: Path) -> StoreError:
    return StoreError(
        f"The disk is full: {folder.parent} cannot take another generation.",
        "Free some space, then reindex; the index that was current before still serves.",
    )
