"""The store: the current generation, which can be replaced while queries run."""

import threading
import time
from collections.abc import Callable, Iterator
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
from index.storage.audience import NothingToRead, hidden_of
from index.storage.chroma.server import ChromaServer
from index.storage.generation import Generation
from index.storage.health_check import probe
from index.storage.manifest import Manifest
from index.storage.opening import GenerationOpener, OpenGeneration, Restore
from index.storage.repository import Repository

Derive = Callable[[Repository, Generation, frozenset[str]], Generation]
"""Opens a generation without the given sources."""

LOOK = 1.0  # seconds between two checks for the current generation
RETRY_S = 60.0  # a generation that failed to open is tried again after this time


class Store(Repository):
    """A repository that keeps the current generation open for queries. Thread-safe. Several
    processes may share one directory; several machines may share a PostgreSQL database and a Chroma
    server."""

    def __init__(
        self,
        directory: Path,
        database: str = "",
        server: ChromaServer | None = None,
        *,
        restore: Restore | None = None,
        derive: Derive | None = None,
        brief: bool = False,
    ) -> None:
        """Create a store without opening the index. `restore` rebuilds a damaged generation;
        without it, an earlier generation is opened. `derive` builds a generation without some
        sources; without it, nothing can be read where sources are hidden."""
        super().__init__(directory, database, server, brief=brief)
        self._derive = derive
        self._deriving = threading.Lock()  # one thread derives at a time
        self.opener = GenerationOpener(self, self._troubles, restore)
        self._lock = threading.Lock()  # guards the fields below
        self._opening = threading.RLock()  # one thread refreshes and opens at a time
        self._open: OpenGeneration | None = None
        self._looked = 0.0
        self._closed = False
        self._watching: threading.Event | None = None

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """Hold the current generation open during the block, even if another becomes current:
        without the sources that `audience` hides from this request. Raises `NothingToRead` if that
        leaves none, `IndexMissing` before the first build, `IndexOutdated` while an upgrade needs a
        rebuild, `IndexCorrupted` if the index cannot be read or replaced, and `LedgerError` if the
        ledger cannot be used."""
        with self._holding() as held:
            yield self._view(held)

    @contextmanager
    def _holding(self) -> Iterator[OpenGeneration]:
        self._look()
        with self._lock:
            held = self._open
            if held is None:
                raise IndexMissing
            held.readers += 1
        try:
            yield held
        finally:
            with self._lock:
                held.readers -= 1
                idle = held.retired and not held.readers
            if idle:
                held.close()

    def current(self) -> Generation:
        """Return the current generation, with all sources. The caller must ensure that it stays
        open."""
        with self._holding() as held:
            return held.generation

    @property
    def is_at_hand(self) -> bool:
        """Whether this request can read at once, without a view that is still to be built."""
        with self._lock:
            held = self._open
        if held is None:
            return True
        hidden = hidden_of(held.generation.sources)
        return not hidden or hidden in held.views

    def _view(self, held: OpenGeneration) -> Generation:
        whole = held.generation
        hidden = hidden_of(whole.sources)
        if not hidden:
            return whole
        with self._deriving:
            if hidden not in held.views:
                if self._derive is None:
                    raise NothingToRead
                held.views[hidden] = self._derive(self, whole, hidden)
            return held.views[hidden]

    def readable(self) -> Generation | None:
        """Return the current generation, with all sources, or None if none can be read."""
        try:
            return self.current()
        except (IndexMissing, IndexOutdated, IndexCorrupted):
            return None

    def refresh(self) -> None:
        """Open the current generation if it has changed. The old one serves queries until the new
        one is warm. Raises the errors of `reading`."""
        with self._opening:
            self._looked = time.monotonic()
            wanted = self.ledger.generations.pointer().generation
            if wanted is None:
                raise IndexMissing
            opened = self._open
            if opened is None or wanted not in (opened.generation.id, opened.instead_of):
                self._swap(self.opener.open(wanted))
                self._remove_folders()
            self._check_vectors()

    def watch(self) -> None:
        """Start a thread that refreshes the store until it is closed."""
        if self._watching is None:
            self._watching = threading.Event()
            threading.Thread(
                target=self._watch, args=(self._watching,), name="watch", daemon=True
            ).start()

    @contextmanager
    def switching(self, generation: Generation) -> Iterator[None]:
        """Warm a generation whose files are in place, so that the `with` block can make it current.
        If the block succeeds, this process answers from that generation. On a shared ledger it then
        waits up to two seconds for the other processes to switch."""
        with self._opening:
            opened = self.opener.hold(generation)
            try:
                yield
            except BaseException:
                opened.close()
                raise
            self._swap(opened)
            self._troubles.settle("damage")
        if self.is_shared:
            self.membership().wait_for_others(generation.id)

    def verify(self) -> None:
        """Check the current generation in a child process, and replace it if it is damaged.
        Services call this when they start. Does nothing if the vectors are on a server."""
        with self._opening:
            generation = self.readable()
            if generation is None or generation.manifest.collection:
                return
            if fault := probe(generation.folder):
                record = self.ledger.generations.get(generation.id)
                self._swap(self.opener.recover(record, fault))

    def close(self) -> None:
        """Release all resources. No reader may be active. The next use opens the store again."""
        if self._watching is not None:
            self._watching.set()
            self._watching = None
        with self._opening:  # wait for a background refresh, and let no other begin
            self._closed = True
            with self._lock:
                if self._open is not None:
                    self._open.close()
                    self._open = None
        super().close()

    def _look(self) -> None:
        if self._open is None:
            with self._opening:
                if self._open is None:
                    self._closed = False
                    self._remove_leftovers()
                    self.refresh()
        elif time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            threading.Thread(target=self._refresh_behind, name="refresh", daemon=True).start()

    def _watch(self, stopped: threading.Event) -> None:
        while not stopped.wait(LOOK):
            if time.monotonic() >= self._looked:  # after a failure, `_looked` is in the future
                self._refresh_behind()

    def _refresh_behind(self) -> None:
        try:
            with self._opening:
                if self._closed:
                    return
                self.refresh()
            self._troubles.settle("ledger")
        except IndexOutdated:
            pass  # the user sees a message, and the service rebuilds the index
        except LedgerError as error:
            self._troubles.report("ledger", f"{error.message} The open index stays in use.")
        except VectorStoreUnavailable as error:
            self._troubles.report("vectors", error.message)
        except NearsayError as error:
            self._looked = time.monotonic() + RETRY_S
            self._troubles.report("switch", f"{error.message} The open index stays in use.")

    def _swap(self, opened: OpenGeneration) -> None:
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
                self._swap(self.opener.open(record.name))
            else:
                self._swap(self.opener.recover(record, error.message.rstrip(".")))
