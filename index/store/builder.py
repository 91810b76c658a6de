"""The child processes that build the files of a generation.

Chroma holds the interpreter lock for seconds while it writes, and a file that is damaged can take
the process down; neither must reach the people who are asking. A second child makes what needs no
Chroma beside it: it indexes the words, and draws the map where that is drawn anew.
"""

from __future__ import annotations

import errno
import logging
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chroma_server import ChromaServer
from index.codec import entry_from_json, entry_to_json
from index.entry import Entry
from index.errors import StoreDamaged, StoreError
from index.space.background import Background
from index.store import vectors, words
from index.store.building import Base, Original, Tell, build
from index.store.charting import draw_anew
from index.store.child import Child, listen, stand_back
from index.store.generation import BACKGROUND, ENTRIES, VECTORS
from index.store.manifest import Order
from index.store.wording import Wording

logger = logging.getLogger(__name__)

ROOM = 1_000_000  # bytes; a disk with less is full
AT_ONCE = 500  # rows of the array that are written together
FILLED = "filled"  # said to the child when all vectors are there
BESIDE = "beside"  # said to it when what is made beside it is there
DRAW = "draw"  # said to the other: the vectors are there, and the map is drawn anew
Refill = Callable[[], object]
"""Gives all vectors once more, none of them from the base."""


class Builder:
    """Builds one generation, in child processes that start at once, beside what the caller does:
    the first ones of a process take a second.

    `base` is a generation of the same space to start from, when there is one. `begin` says what to
    build, `add` gives the vectors as they come, `finish` waits for the end. Whatever happens, the
    children are gone when the `with` block ends. The vectors go to the `server`, where one is
    given, and into the generation's folder else.
    """

    def __init__(self, base: Base | None = None, server: ChromaServer | None = None) -> None:
        self._base = base
        self._server = server
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
        self._hand_over()

    def add(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Gives the vectors (`float32[k, d]`) of the passages at these rows, in the order of
        `passages_of`."""
        self._vectors[list(rows)] = vectors

    def filled(self) -> None:
        """Says that all vectors are there."""
        self._building.send(FILLED)

    def finish(self, tell: Tell, refill: Refill = lambda: None) -> dict[str, str]:
        """Waits until everything is written and verified; the digests of the files.

        A base that turns out to be damaged is made good by building anew; where vectors came from
        it, `refill` has to give them again. Raises `StoreError` when the folder cannot be written,
        or what was written is not what is read back.
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
        refill()
        self._hand_over()
        self.filled()
        return self._outcome(tell)

    def _outcome(self, tell: Tell) -> dict[str, str]:
        """Waits for both children; raises what one of them says has failed."""
        missing = {"words", "map"}  # of what is made beside
        while True:
            for child in Child.with_news([self._building, *([self._beside] if missing else [])]):
                try:
                    kind, *content = child.receive()
                except (EOFError, ConnectionError) as error:
                    raise StoreDamaged(
                        f"Building the index ended before it was done (status {child.status()}).",
                        "Try again; the index that was current before still serves.",
                    ) from error
                if kind == "progress":
                    tell(*content)
                elif kind == "failed":
                    raise content[0]
                elif kind == "done":
                    return dict(content[0])
                elif kind == "anew":
                    self._beside.send(DRAW)
                else:
                    missing.discard(content[0] if kind == "made" else "map")
                    if not missing:
                        self._building.send(BESIDE)

    def _hand_over(self) -> None:
        """Tells the children what to build. The whole background is written each time, since a
        child leaves less of it."""
        self._background.save(self._folder / BACKGROUND)
        self._beside.send(self._folder)
        self._building.send((self._folder, self._order))

    def _start(self) -> None:
        self._building = Child(_build, self._base, self._server)
        self._beside = Child(_make_beside, self._base)

    def _end(self) -> None:
        self._building.end()
        self._beside.end()


def build_at_once(
    folder: Path,
    order: Order,
    entries: Sequence[Entry],
    vectors: NDArray[np.float32],
    background: Background,
    tell: Tell,
    server: ChromaServer | None = None,
) -> dict[str, str]:
    """Builds a generation of `entries` whose vectors (`float32[n, d]`) are all there."""
    with Builder(server=server) as builder:
        builder.begin(folder, order, map(entry_to_json, entries), len(vectors), background)
        builder.add(range(len(vectors)), vectors)
        builder.filled()
        return builder.finish(tell)


def _build(line: Connection, base: Base | None, server: ChromaServer | None) -> None:
    """The child that builds all but what is made beside it, and says how far it is and how it
    ended."""
    stand_back()
    decode = cache(entry_from_json)  # few entries change from one generation to the next
    original = Original(base, decode) if base else None
    vectors.prepare()  # while the parent is still reading and embedding
    if original:
        original.read_ahead()
    messages = listen(line)
    folder, order = messages.get()

    def tell(phase: str, done: int, total: int) -> None:
        line.send(("progress", phase, done, total))

    def decided(anew: bool) -> None:
        line.send(("anew",) if anew else ("copied",))

    def work() -> None:
        digests = build(folder, order, original, decode, messages.get, decided, tell, server)
        line.send(("done", digests))

    _report(line, folder, work)


def _make_beside(line: Connection, base: Base | None) -> None:
    """The child that indexes the words, and draws the map when it is told to."""
    stand_back()
    words.prepare()
    wording = Wording()
    if base:
        wording.read_ahead(base.folder)
    messages = listen(line)
    folder = messages.get()

    def work() -> None:
        wording.index(folder)
        line.send(("made", "words"))
        messages.get()
        draw_anew(folder)
        line.send(("made", "map"))

    _report(line, folder, work)


def _report(line: Connection, folder: Path, work: Callable[[], None]) -> None:
    """Does it, and says how it failed."""
    try:
        work()
    except StoreDamaged as error:
        line.send(("failed", _full(folder) if _is_full(folder, error) else error))
    except StoreError as error:
        line.send(("failed", error))
    except OSError as error:
        line.send(("failed", _not_writable(folder, error)))
    except Exception as error:
        logger.exception("a generation could not be built")
        line.send(("failed", StoreDamaged(f"The index could not be built: {error}", "")))


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
