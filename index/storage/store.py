"""Which generation answers, and how another takes its place while people are asking."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import (
    IndexCorrupted,
    IndexMissing,
    IndexOutdated,
    LedgerError,
    NearsayError,
    VectorStoreUnavailable,
)
from index.storage.chroma.server import ChromaServer
from index.storage.db import GenerationRecord
from index.storage.db.lease import Heartbeat
from index.storage.generation import Generation
from index.storage.health_check import probe
from index.storage.manifest import Manifest
from index.storage.opening import Opened, Opener, Restore
from index.storage.repository import Repository

LOOK = 1.0  # seconds between two looks at which generation is current
PATIENCE = 60.0  # seconds before a generation that could not be opened is tried again


class Store(Repository):
    """A repository of which one generation is open and answers.

    Threads may share a store; several processes may have one of the same directory, or of the same
    PostgreSQL database and server on several machines.
    """

    def __init__(
        self,
        directory: Path,
        database: str = "",
        server: ChromaServer | None = None,
        *,
        restore: Restore | None = None,
        brief: bool = False,
    ) -> None:
        """`restore` builds a damaged generation again; without it, an earlier one stands in."""
        super().__init__(directory, database, server, brief=brief)
        self._opener = Opener(self, self._troubles, restore)
        self._lock = threading.Lock()  # of the fields below
        self._opening = threading.RLock()  # one thread looks and opens at a time
        self._open: Opened | None = None
        self._looked = 0.0
        self._closed = False
        self._following: threading.Event | None = None

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """The current generation, which stays usable for the block whatever becomes current.

        Raises `IndexMissing` before the first has been built, `IndexOutdated` until what an older
        version of Nearsay built has been built again, `IndexCorrupted` when it cannot be read and
        nothing can take its place, `LedgerError` when the ledger cannot tell at the start.
        """
        self._look()
        with self._lock:
            held = self._open
            if held is None:
                raise IndexMissing
            held.readers += 1
        try:
            yield held.generation
        finally:
            with self._lock:
                held.readers -= 1
                idle = held.retired and not held.readers
            if idle:
                held.close()

    def current(self) -> Generation:
        """The current generation, for a look by one who knows that it stays open."""
        with self.reading() as generation:
            return generation

    def readable(self) -> Generation | None:
        """The current generation, or None when there is none or none can be read."""
        try:
            return self.current()
        except (IndexMissing, IndexOutdated, IndexCorrupted):
            return None

    def refresh(self) -> None:
        """Looks which generation is current by now, and opens it when it is another. What was
        open serves on until the other is warm."""
        with self._opening:
            self._looked = time.monotonic()
            wanted = self.ledger.generations.pointer().generation
            if wanted is None:
                raise IndexMissing
            opened = self._open
            if opened is None or wanted not in (opened.generation.id, opened.instead_of):
                self._swap(self._opener.open(wanted))
                self._remove_folders()
            self._check_vectors()

    def follow(self) -> None:
        """Looks by itself, from now until the store is closed, which generation is current."""
        if self._following is None:
            self._following = threading.Event()
            threading.Thread(
                target=self._follow, args=(self._following,), name="follow", daemon=True
            ).start()

    @contextmanager
    def switching(self, generation: Generation) -> Iterator[None]:
        """Warms a generation whose files are in place, so that the block can make it current;
        when it ends well, we answer from it. The other processes are waited for, up to two seconds,
        so that what is said to be live is so wherever the next question comes."""
        with self._opening:
            opened = self._opener.hold(generation)
            try:
                yield
            except BaseException:
                opened.close()
                raise
            self._swap(opened)
            self._troubles.settle("damage")
        if self.is_shared:
            self.present().wait_for_others(generation.id)

    def prove(self) -> None:
        """Tries the current generation in a child process, which a damaged file may take down;
        where it is damaged, something else answers from now on. Meant for the start of a service.
        Where a server has the vectors, no file can do that."""
        with self._opening:
            generation = self.readable()
            if generation is None or generation.manifest.collection:
                return
            if what := probe(generation.folder):
                record = self.ledger.generations.get(generation.id)
                self._swap(self._opener.recover(record, what))

    def mend(self, record: GenerationRecord, beat: Heartbeat) -> None:
        """Makes a generation whole, of which files or vectors are damaged. The caller holds the
        right to write. Raises `StoreError` when that cannot be done."""
        self._opener.mend(record, beat)

    def close(self) -> None:
        """Releases everything; nothing must be reading any more. Used again, it opens again."""
        if self._following is not None:
            self._following.set()
            self._following = None
        with self._opening:  # a look behind the readers ends first, and none begins
            self._closed = True
            with self._lock:
                if self._open is not None:
                    self._open.close()
                    self._open = None
        super().close()

    def _look(self) -> None:
        """Follows what other processes did: the first time at once, later behind the readers."""
        if self._open is None:
            with self._opening:
                if self._open is None:
                    self._closed = False
                    self._remove_leftovers()
                    self.refresh()
        elif time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            threading.Thread(target=self._refresh_behind, name="refresh", daemon=True).start()

    def _follow(self, stopped: threading.Event) -> None:
        while not stopped.wait(LOOK):
            if time.monotonic() >= self._looked:  # it waits after a failure
                self._refresh_behind()

    def _refresh_behind(self) -> None:
        try:
            with self._opening:
                if self._closed:
                    return
                self.refresh()
            self._troubles.settle("ledger")
        except IndexOutdated:
            pass  # whoever asks is told, and the service rebuilds it
        except LedgerError as error:
            self._troubles.report("ledger", f"{error.message} The index that is open serves on.")
        except VectorStoreUnavailable as error:
            self._troubles.report("vectors", error.message)
        except NearsayError as error:
            self._looked = time.monotonic() + PATIENCE
            self._troubles.report("switch", f"{error.message} The index that is open serves on.")

    def _swap(self, opened: Opened) -> None:
        with self._lock:
            before, self._open = self._open, opened
            idle = before is not None and not before.readers
            if before is not None:
                before.retired = True
        if before is not None and idle:
            before.close()
        if opened.instead_of == opened.generation.id:
            self._troubles.settle("switch")

    def _check_vectors(self) -> None:
        """Looks whether the server has the vectors of what is open; what is lost is built again."""
        opened = self._open
        if self.brief or opened is None:
            return
        try:
            opened.generation.check_vectors()
            self._troubles.settle("vectors")
        except VectorStoreUnavailable as error:
            self._troubles.report("vectors", error.message)
        except IndexCorrupted as error:
            record = self.ledger.generations.get(opened.generation.id)
            manifest = Manifest.from_json(record.manifest)
            if manifest.collection != opened.generation.manifest.collection:
                self._swap(self._opener.open(record.name))  # another process has built it again
            else:
                self._swap(self._opener.recover(record, error.message.rstrip(".")))
