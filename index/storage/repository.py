"""The generations of an index, wherever their parts are, and the right to change them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

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
from index.storage.db import GenerationRecord, Holder, Ledger
from index.storage.db.lease import Heartbeat
from index.storage.directories import Folders
from index.storage.generation import Generation
from index.storage.manifest import Manifest
from index.storage.replication import fetch, keep

logger = logging.getLogger(__name__)


class Troubles:
    """What whoever runs the bot should know, a sentence for each kind of trouble."""

    def __init__(self) -> None:
        self._sentences: dict[str, str] = {}

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(self._sentences.values())

    def report(self, kind: str, sentence: str) -> None:
        if self._sentences.get(kind) != sentence:
            logger.error("%s", sentence)
        self._sentences[kind] = sentence

    def settle(self, kind: str) -> None:
        self._sentences.pop(kind, None)


class Repository:
    """The ledger, the folders of generations under one data directory, and the vectors on the
    `server`, where there is one.

    `database` is the ledger's address, or empty for SQLite in the directory. Generations are opened
    as `brief` ones where this process asks a few questions at most.
    """

    def __init__(
        self,
        directory: Path,
        database: str = "",
        server: ChromaServer | None = None,
        *,
        brief: bool = False,
    ) -> None:
        self.directory = directory
        self.brief = brief
        self.folders = Folders(directory)
        self.database = database
        self.server = server
        self._troubles = Troubles()
        self._connecting = threading.Lock()
        self._ledger: Ledger | None = None
        self._writer = threading.local()  # the beat of the thread that has the right to write
        self._joining = threading.Lock()  # of the presence
        self._presence: ClusterMember | None = None

    @property
    def ledger(self) -> Ledger:
        """Opened when it is first needed; raises `LedgerError` when it cannot be used."""
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
        """What whoever runs the bot should know, a sentence each."""
        return self._troubles.sentences

    @property
    def exists(self) -> bool:
        """Whether a generation has ever become current."""
        return self.ledger.generations.pointer().generation is not None

    def outdated(self) -> IndexOutdated | None:
        """Why the current generation cannot be opened, where an older version built it: what is to
        be said to who asks. Raises `StoreError` where a newer version did, `LedgerError`."""
        name = self.ledger.generations.pointer().generation
        record = self.ledger.generations.get(name) if name else None
        if record is None or record.can_be_opened:
            return None
        if record.is_newer:
            raise StoreError(
                f"A newer version of Nearsay built the index {name}, in a format that this version "
                "cannot read.",
                "Install that version; or restore a backup from before the upgrade.",
            )
        building = self.ledger.lease.building()
        if building is None:
            return IndexOutdated(
                "Nearsay was upgraded, and its index has to be rebuilt first.",
                "The bot does that when it starts; so does: nearsay index",
            )
        far = f" ({building.phase}: {building.done:,} of {building.total:,})"
        return IndexOutdated(
            f"Nearsay was upgraded, and its index is being rebuilt{far if building.total else ''}.",
            "Ask again in a minute.",
        )

    def generation(self, name: str, entries: Sequence[Entry] | None = None) -> Generation:
        """The generation of that name, for one who is about to open it; its `entries` need not be
        read where they are known."""
        return Generation(self.folders.of(name), entries, self.server, brief=self.brief)

    def damage(self, record: GenerationRecord) -> str:
        """What is wrong with the files of a generation, in one clause; empty when nothing is, also
        where they had to be fetched from the ledger."""
        what = self.folders.damage(record)
        if what and self.is_shared and fetch(self.folders, self.ledger, record):
            return ""
        return what

    def new_collection(self, name: str) -> str:
        """Where on the server the vectors of a generation are to be; empty without a server."""
        return new_collection(self.ledger.identity, name) if self.server else ""

    def put(self, scratch: Path, name: str, digests: dict[str, str]) -> None:
        """Puts the files of a new generation in place, and into the ledger for other machines."""
        if self.is_shared:
            keep(scratch, self.ledger, name, digests)
        self.folders.put(scratch, name)

    @contextmanager
    def writing(self, by: str) -> Iterator[Heartbeat]:
        """The right to build and to remove generations, for the block; `by` says who we are. A
        thread that has it gets it again, so that it can restore what it finds damaged.

        Raises `StoreBusy` at once when another has it, naming the other.
        """
        beat: Heartbeat | None = getattr(self._writer, "beat", None)
        if beat is not None:
            yield beat
            return
        holder = Holder.here(by, self.directory)
        try:
            with self.folders.locked(holder.words), self.ledger.lease.held(holder) as beat:
                for path in self._leftovers():
                    logger.info("removing %s, which a build that was cut short left", path.name)
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
            self._troubles.report(
                "writing", f"Writing failed when it was last tried: {error.message}"
            )
            raise
        self._troubles.settle("writing")

    def remove_unfinished(self, name: str) -> None:
        """Removes what there is of a generation that will not be completed. The caller holds the
        right to write."""
        self.folders.remove(name)
        self.ledger.generations.abandon_unfinished()
        self.remove_collections()

    def remove_collections(self) -> None:
        """Removes from the server what belongs to no generation that is kept; what does not answer
        is asked the next time. The caller holds the right to write."""
        if self.server is None:
            return
        from index.storage.chroma.remote import collections_of, delete_collections  # with httpx

        kept = [one for one in self.ledger.generations.kept() if one.can_be_opened]
        known = {Manifest.from_json(record.manifest).collection for record in kept}
        try:
            there = collections_of(self.server, self.ledger.identity)
            delete_collections(self.server, [name for name in there if name not in known])
        except VectorStoreUnavailable as error:
            logger.warning("collections could not be removed: %s", error.message)

    def _remove_leftovers(self) -> None:
        """Removes what a killed build left, unless somebody is building now."""
        try:
            if self._leftovers():
                with self.writing("nearsay, starting"):
                    pass  # taking the right to write removes them
        except StoreBusy:
            pass
        except StoreError:
            logger.warning("leftovers could not be removed", exc_info=True)

    def _remove_folders(self) -> None:
        """Removes the folders of generations that other machines have removed."""
        if not self.is_shared or not self._leftovers():
            return
        try:
            with self.folders.locked("nearsay, removing what is old"):
                for path in self._leftovers():
                    self.folders.discard(path)
        except StoreError as error:
            logger.info("old generations are removed later: %s", error.message)

    def present(self) -> ClusterMember:
        """This process among those that use a ledger of several machines."""
        with self._joining:  # and not while a generation is opened: deliveries wait for this
            if self._presence is None:
                self._presence = ClusterMember(self.ledger.members)
            return self._presence

    def leave(self) -> None:
        """Tells the other processes that this one ends, so that they answer for it at once."""
        with self._joining:
            if self._presence is not None:
                self._presence.leave()
                self._presence = None

    def close(self) -> None:
        """Leaves, and closes the ledger. Used again, it opens again."""
        self.leave()
        with self._connecting:
            if self._ledger is not None:
                self._ledger.close()
                self._ledger = None

    def _leftovers(self) -> list[Path]:
        kept = self.ledger.generations.kept()
        return self.folders.leftovers({record.name for record in kept})
