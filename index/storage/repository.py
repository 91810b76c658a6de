"""The generations of an index, on disk, in the ledger and on a server, and the write lock."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from index.entry import Entry
from index.errors import (
    Cancelled,
    IndexCorrupted,
    IndexOutdated,
    StoreBusy,
    StoreError,
    VectorStoreUnavailable,
)
from index.storage.chroma.server import ChromaServer, new_collection
from index.storage.cluster import ClusterMember
from index.storage.db.generation_records import GenerationRecord
from index.storage.db.lease import Heartbeat, Holder
from index.storage.db.ledger import Ledger
from index.storage.directories import Folders
from index.storage.generation import Generation
from index.storage.manifest import Manifest
from index.storage.replication import fetch

logger = logging.getLogger(__name__)


class CurrentProblems(dict[str, str]):
    """Current problems for the operator, one sentence for each kind."""

    def report(self, kind: str, sentence: str) -> None:
        """Set the problem of this kind, and log it if it is new."""
        if self.get(kind) != sentence:
            logger.error("%s", sentence)
        self[kind] = sentence

    def settle(self, kind: str) -> None:
        """Remove the problem of this kind, if any."""
        self.pop(kind, None)


class Repository:
    """The ledger, the generation folders in a data directory, and the vectors on `server`, if any.
    `database` is the ledger's URL, or empty for SQLite in the directory. `brief` is true for a
    process that answers only a few queries."""

    def __init__(
        self, directory: Path, database: str, server: ChromaServer | None, *, brief: bool
    ) -> None:
        self.directory = directory
        self.brief = brief
        self.folders = Folders(directory)
        self.views = Folders(directory, "views")  # generations without some sources
        self.database = database
        self.server = server
        self._troubles = CurrentProblems()
        self._connecting = threading.Lock()
        self._ledger: Ledger | None = None
        self._writer = threading.local()  # the heartbeat of the thread that holds the write lock
        self._joining = threading.Lock()
        self._presence: ClusterMember | None = None

    @property
    def ledger(self) -> Ledger:
        """The ledger, opened on first use. Raises `LedgerError` if it cannot be used."""
        with self._connecting:
            if self._ledger is None:
                self._ledger = Ledger.open(self.directory, self.database)
            return self._ledger

    @property
    def is_shared(self) -> bool:
        """Whether processes on several machines may use the ledger."""
        return bool(self.database) and not self.database.startswith("sqlite")

    @property
    def troubles(self) -> tuple[str, ...]:
        return tuple(self._troubles.values())

    @property
    def exists(self) -> bool:
        """Whether a generation has ever become current."""
        return self.ledger.generations.pointer().generation is not None

    def outdated(self) -> IndexOutdated | None:
        """Return the error to raise if an older version of Nearsay built the current generation, or
        None. Raises `StoreError` if a newer version built it, and `LedgerError` if the ledger
        cannot be used."""
        name = self.ledger.generations.pointer().generation
        record = self.ledger.generations.get(name) if name else None
        if record is None or record.can_be_opened:
            return None
        if record.is_newer:
            raise StoreError(
                f"A newer version of Nearsay built the index {name}, in a format that this version "
                "cannot read.",
                "Install that version, or restore a backup from before the upgrade.",
            )
        building = self.ledger.lease.building()
        if building is None:
            return IndexOutdated(
                "Nearsay was upgraded, and its index has to be rebuilt first.",
                "It is rebuilt when the bot starts, or now with: nearsay index",
            )
        far = f" ({building.phase}: {building.done:,} of {building.total:,})"
        return IndexOutdated(
            f"Nearsay was upgraded, and its index is being rebuilt{far if building.total else ''}.",
            "Ask again in a minute.",
        )

    def generation(self, name: str, entries: Sequence[Entry] | None = None) -> Generation:
        """Return the generation with this name. `entries`, if given, are not read again."""
        return Generation(self.folders.of(name), entries, self.server, brief=self.brief)

    def damage(self, record: GenerationRecord) -> str:
        """Describe the damage to a generation's files, or return an empty string if there is none.
        With a server, missing files are fetched from a shared ledger first."""
        fault = self.folders.damage(record)
        if fault and self.server and self.is_shared and fetch(self.folders, self.ledger, record):
            return ""
        return fault

    def new_collection(self, name: str) -> str:
        """Return a new collection name for a generation, or an empty string without a server."""
        return new_collection(self.ledger.identity, name) if self.server else ""

    def put(self, scratch: Path, name: str, digests: dict[str, str]) -> None:
        """Move a generation's files into place. With a server, a shared ledger gets copies."""
        if self.server and self.is_shared:
            self.ledger.generation_files.keep(name, scratch, digests)
        self.folders.put(scratch, name)

    @contextmanager
    def writing(self, by: str) -> Iterator[Heartbeat]:
        """Hold the write lock during the block. Building and removing generations needs it. `by`
        describes the holder. Reentrant within a thread, so that a writer can rebuild a damaged
        generation. Raises `StoreBusy` at once if another process holds the lock."""
        beat: Heartbeat | None = getattr(self._writer, "beat", None)
        if beat is not None:
            yield beat
            return
        holder = Holder.here(by, self.directory)
        try:
            with self.folders.locked(holder.words), self.ledger.lease.held(holder) as beat:
                for path in self._leftovers():
                    logger.info("Removing %s, left by an interrupted build", path.name)
                    self.folders.discard(path)
                self.ledger.generations.abandon_unfinished()
                self.remove_collections()
                self._writer.beat = beat
                try:
                    yield beat
                finally:
                    del self._writer.beat
        except (StoreBusy, IndexCorrupted, Cancelled):
            raise
        except StoreError as error:
            self._troubles.report("writing", f"The last write to the index failed: {error.message}")
            raise
        self._troubles.settle("writing")

    def claim(self) -> FileLock | None:
        """Reserve the data directory for a service; see `Folders.claim`. Services on servers share
        a directory, since they can tell each other's work apart."""
        if self.is_shared and self.server is not None:
            return None
        return self.folders.claim(Holder.here("Nearsay", self.directory).words)

    def remove_unfinished(self, name: str) -> None:
        """Remove an unfinished generation completely. The caller holds the write lock."""
        self.folders.remove(name)
        self.ledger.generations.abandon_unfinished()
        self.remove_collections()

    def remove_collections(self) -> None:
        """Remove collections on the server that do not belong to a generation. The caller holds the
        write lock. If the server does not answer, the next build removes them."""
        if self.server is None:
            return
        from index.storage.chroma.remote import delete_collections  # slow import

        kept = [one for one in self.ledger.generations.kept() if one.can_be_opened]
        known = {Manifest.from_json(record.manifest).collection for record in kept}
        try:
            delete_collections(self.server, self.ledger.identity, known)
        except VectorStoreUnavailable as error:
            logger.warning("Could not remove collections: %s", error.message)

    def _remove_leftovers(self) -> None:
        try:
            if self._leftovers():
                with self.writing("Nearsay during startup"):
                    pass
        except StoreBusy:
            pass
        except StoreError:
            logger.warning("could not remove the files of an interrupted build", exc_info=True)

    def _remove_folders(self) -> None:
        """Remove the folders of generations that other machines have removed."""
        if not self.is_shared or not self._leftovers():
            return
        try:
            with self.folders.locked("Nearsay, removing old generations"):
                for path in self._leftovers():
                    self.folders.discard(path)
        except StoreError as error:
            logger.info("Old generations will be removed later: %s", error.message)

    def membership(self) -> ClusterMember:
        """Return this process's membership in the cluster; register it on first use."""
        with self._joining:  # a separate lock: deliveries must not wait while an index opens
            if self._presence is None:
                self._presence = ClusterMember(self.ledger.members)
            return self._presence

    def deregister(self) -> None:
        """Deregister this process, so that other processes take over its deliveries at once."""
        with self._joining:
            if self._presence is not None:
                self._presence.leave()
                self._presence = None

    def close(self) -> None:
        """Deregister this process and close the ledger. The next use opens the ledger again."""
        self.deregister()
        with self._connecting:
            if self._ledger is not None:
                self._ledger.close()
                self._ledger = None

    def _leftovers(self) -> list[Path]:
        kept = self.ledger.generations.kept()
        return self.folders.leftovers({record.name for record in kept})
