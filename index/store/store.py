"""Which generation answers, and how another takes its place while people are asking."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from index.chroma_server import ChromaServer, new_collection
from index.entry import Entry
from index.errors import (
    Cancelled,
    IndexOutdated,
    LedgerError,
    NearsayError,
    NoIndex,
    StoreBusy,
    StoreDamaged,
    StoreError,
    VectorsAway,
)
from index.store.fetching import fetch, keep
from index.store.folders import Folders
from index.store.generation import Generation, Manifest
from index.store.ledger import GenerationRecord, Holder, Ledger
from index.store.ledger.lease import Beat
from index.store.presence import Presence
from index.store.probe import probe
from index.store.vectors import collections_of, delete_collections

logger = logging.getLogger(__name__)

LOOK = 1.0  # seconds between two looks at which generation is current
PATIENCE = 60.0  # seconds before a generation that could not be opened is tried again


class _Open:
    """A generation that is open: how many are reading it, and what says so to other processes."""

    def __init__(self, generation: Generation, held: ExitStack, instead_of: str) -> None:
        self.generation = generation
        self.instead_of = instead_of  # the one that is current but cannot be opened, or the same
        self.readers = 0
        self.retired = False
        self.checked = False  # whether the server was seen to have its vectors
        self._held = held

    def close(self) -> None:
        self.generation.close()
        self._held.close()


class Store:
    """The generations under one data directory, and the ledger they are built from.

    `database` is the ledger's address, or empty for SQLite in the directory; vectors are on the
    `server`, where there is one. Generations are opened as `brief` ones where this process asks a
    few questions at most. Threads may share a store; several processes may have one of the same
    directory, or of the same PostgreSQL database and server on several machines.
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
        self._lock = threading.Lock()  # of the fields below
        self._opening = threading.RLock()  # one thread looks and opens at a time
        self._open: _Open | None = None
        self._looked = 0.0
        self._mine = threading.local()  # the beat of the thread that has the right to write
        self._closed = False
        self._troubles: dict[str, str] = {}
        self._joining = threading.Lock()  # of the presence
        self._presence: Presence | None = None
        self._following: threading.Event | None = None

    @cached_property
    def ledger(self) -> Ledger:
        """Opened when it is first needed; raises `LedgerError` when it cannot be used."""
        with self._opening:
            return Ledger.open(self.directory, self.database)

    @cached_property
    def is_shared(self) -> bool:
        """Whether processes on several machines may use the ledger."""
        return bool(self.database) and not self.database.startswith("sqlite")

    @property
    def troubles(self) -> tuple[str, ...]:
        """What whoever runs the bot should know, a sentence each."""
        return tuple(self._troubles.values())

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """The current generation, which stays usable for the block whatever becomes current.

        Raises `NoIndex` before the first has been built, `IndexOutdated` until what an older
        version of Nearsay built has been built again, `StoreDamaged` when it cannot be read and
        nothing can take its place, `LedgerError` when the ledger cannot tell at the start.
        """
        self._look()
        with self._lock:
            held = self._open
            if held is None:
                raise NoIndex("Nothing has been indexed yet.", "Build the index: nearsay index")
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
        except (NoIndex, IndexOutdated, StoreDamaged):
            return None

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

    def new_collection(self, name: str) -> str:
        """Where on the server the vectors of a generation are to be; empty without a server."""
        return new_collection(self.ledger.identity, name) if self.server else ""

    def put(self, scratch: Path, name: str, digests: dict[str, str]) -> None:
        """Puts the files of a new generation in place, and into the ledger for other machines."""
        if self.is_shared:
            keep(scratch, self.ledger, name, digests)
        self.folders.put(scratch, name)

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
        kept = self.ledger.generations.kept()
        kept = [record for record in kept if record.can_be_opened]
        known = {Manifest.from_json(record.manifest).collection for record in kept}
        try:
            there = collections_of(self.server, self.ledger.identity)
            delete_collections(self.server, [name for name in there if name not in known])
        except VectorsAway as error:
            logger.warning("collections could not be removed: %s", error.message)

    def mend(self, record: GenerationRecord, beat: Beat) -> None:
        """Makes a generation whole, of which files or vectors are damaged. The caller holds the
        right to write. Raises `StoreError` when that cannot be done."""
        if not self.folders.damage(record) or self._fetched(record):
            generation = self.generation(record.name)
            try:
                generation.check_vectors()
            except StoreDamaged:
                pass
            else:
                return
            finally:
                generation.close()
        self._rebuild(record, beat)

    @property
    def exists(self) -> bool:
        """Whether a generation has ever become current."""
        return self.ledger.generations.pointer().generation is not None

    def refresh(self) -> None:
        """Looks which generation is current by now, and opens it when it is another. What was
        open serves on until the other is warm."""
        with self._opening:
            self._looked = time.monotonic()
            wanted = self._wanted()
            if self._open is None or wanted not in (
                self._open.generation.id,
                self._open.instead_of,
            ):
                self._swap(self._opened(wanted))
                self._drop_folders()
            self._check_vectors()

    def follow(self) -> None:
        """Looks by itself, from now until the store is closed, which generation is current, and
        puts what takes the place of another into large pages."""
        if self._following is None:
            self._following = threading.Event()
            threading.Thread(
                target=self._follow, args=(self._following,), name="follow", daemon=True
            ).start()

    def present(self) -> Presence:
        """This process among those that use a ledger of several machines."""
        with self._joining:  # and not while a generation is opened: deliveries wait for this
            if self._presence is None:
                self._presence = Presence(self.ledger.members)
            return self._presence

    def leave(self) -> None:
        """Tells the other processes that this one ends, so that they answer for it at once."""
        with self._joining:
            if self._presence is not None:
                self._presence.leave()
                self._presence = None

    @contextmanager
    def switching(self, generation: Generation) -> Iterator[None]:
        """Warms a generation whose files are in place, so that the block can make it current;
        when it ends well, we answer from it."""
        with self._opening:
            opened = self._held(generation)
            try:
                yield
            except BaseException:
                opened.close()
                raise
            self._swap(opened)
            self._troubles.pop("damage", None)

    def prove(self) -> None:
        """Tries the current generation in a child process, which a damaged file may take down;
        where it is damaged, something else answers from now on. Meant for the start of a service.
        Where a server has the vectors, no file can do that."""
        with self._opening:
            generation = self.readable()
            if generation is not None and generation.manifest.collection:
                return
            what = probe(generation.folder) if generation is not None else ""
            if generation is not None and what:
                self._swap(self._recovered(self.ledger.generations.get(generation.id), what))

    @contextmanager
    def writing(self, by: str) -> Iterator[Beat]:
        """The right to build and to remove generations, for the block; `by` says who we are. A
        thread that has it gets it again, so that it can restore what it finds damaged. Where the
        block switches to another generation, the other processes are waited for, up to two seconds,
        so that what is said to be live is so wherever the next question comes.

        Raises `StoreBusy` at once when another has it, naming the other.
        """
        beat: Beat | None = getattr(self._mine, "beat", None)
        if beat is not None:
            yield beat
            return
        holder = Holder.here(by, self.directory)
        before = self._open
        try:
            with self.folders.locked(holder.words), self.ledger.lease.held(holder) as beat:
                self._remove_leftovers()
                self._mine.beat = beat
                try:
                    yield beat
                finally:
                    del self._mine.beat
        except (StoreBusy, StoreDamaged, Cancelled):
            raise
        except StoreError as error:
            self._say("writing", f"Writing failed when it was last tried: {error.message}")
            raise
        self._troubles.pop("writing", None)
        opened = self._open
        if self.is_shared and opened is not None and opened is not before:
            self.present().wait_for_others(opened.generation.id)

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
        self.leave()
        if "ledger" in self.__dict__:
            self.ledger.close()
            del self.__dict__["ledger"]

    def _look(self) -> None:
        """Follows what other processes did: the first time at once, later behind the readers."""
        if self._open is None:
            with self._opening:
                if self._open is None:
                    self._closed = False
                    self._tidy()
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
            self._troubles.pop("ledger", None)
        except IndexOutdated:
            pass  # whoever asks is told, and the service rebuilds it
        except LedgerError as error:
            self._say("ledger", f"{error.message} The index that is open serves on.")
        except VectorsAway as error:
            self._say("vectors", error.message)
        except NearsayError as error:
            self._looked = time.monotonic() + PATIENCE
            self._say("switch", f"{error.message} The index that is open serves on.")

    def _say(self, kind: str, sentence: str) -> None:
        if self._troubles.get(kind) != sentence:
            logger.error("%s", sentence)
        self._troubles[kind] = sentence

    def _swap(self, opened: _Open) -> None:
        with self._lock:
            before, self._open = self._open, opened
            idle = before is not None and not before.readers
            if before is not None:
                before.retired = True
        if before is not None and idle:
            before.close()
        if opened.instead_of == opened.generation.id:
            self._troubles.pop("switch", None)

    def _wanted(self) -> str:
        name = self.ledger.generations.pointer().generation
        if name is None:
            raise NoIndex("Nothing has been indexed yet.", "Build the index with: nearsay index")
        return name

    def _opened(self, name: str) -> _Open:
        """A generation, held and warm; where its files are damaged it is restored from the
        ledger, and where that cannot be, an earlier one stands in for it. Raises what `outdated`
        tells and raises."""
        if (outdated := self.outdated()) is not None:
            raise outdated
        record = self.ledger.generations.get(name)
        opened, what = self._whole(record)
        return opened or self._recovered(record, what)

    def _whole(self, record: GenerationRecord) -> tuple[_Open | None, str]:
        """A generation that is whole, or can be fetched; else what is wrong with it."""
        what = self.folders.damage(record)
        if what and self._fetched(record):
            what = ""
        if not what:
            try:
                return self._held(self.generation(record.name)), ""
            except StoreDamaged as error:
                what = error.message.rstrip(".")
        return None, what

    def _fetched(self, record: GenerationRecord) -> bool:
        """Whether the files of a generation came from the ledger, and are whole."""
        return self.is_shared and fetch(self.folders, self.ledger, record)

    def _check_vectors(self) -> None:
        """Looks whether the server has the vectors of what is open, until it was seen to have
        them, and again when a question found that it has not; what is lost is built again."""
        opened = self._open
        if self.brief or opened is None or (opened.checked and not opened.generation.lost):
            return
        try:
            opened.generation.check_vectors()
            opened.checked = True
            self._troubles.pop("vectors", None)
        except VectorsAway as error:
            self._say("vectors", error.message)
        except StoreDamaged as error:
            record = self.ledger.generations.get(opened.generation.id)
            manifest = Manifest.from_json(record.manifest)
            if manifest.collection != opened.generation.manifest.collection:
                self._swap(self._opened(record.name))  # another process has built it again
            else:
                self._swap(self._recovered(record, error.message.rstrip(".")))

    def _drop_folders(self) -> None:
        """Removes the folders of generations that other machines have removed."""
        if not self.is_shared or not self._leftovers():
            return
        try:
            with self.folders.locked("nearsay, removing what is old"):
                for path in self._leftovers():
                    self.folders.discard(path)
        except StoreError as error:
            logger.info("old generations are removed later: %s", error.message)

    def _held(self, generation: Generation, instead_of: str = "") -> _Open:
        held = ExitStack()
        try:
            if self.is_shared:
                held.enter_context(self.present().holding(generation.folder.name))
            held.enter_context(self.folders.held(generation.folder.name))
            held.callback(generation.close)
            generation.warm()
        except BaseException:
            held.close()
            raise
        return _Open(generation, held, instead_of or generation.id)

    def _recovered(self, record: GenerationRecord, what: str) -> _Open:
        logger.error("%s is damaged: %s", record.name, what)
        deadline = time.monotonic() + PATIENCE
        while (done := self._restored(record, what)) is None and time.monotonic() < deadline:
            time.sleep(LOOK)  # another process is at it
            opened, _ = self._whole(self.ledger.generations.get(record.name))
            if opened is not None:
                return opened
        return done or self._stand_in(record, what)

    def _restored(self, record: GenerationRecord, what: str) -> _Open | None:
        """The generation with its files built again, or one that stands in for it where that
        cannot be; None while another process has the right to write."""
        try:
            with self.writing("nearsay, restoring what is damaged") as beat:
                found = self.ledger.generations.get(record.name)
                if found.digests != record.digests:  # another process was first
                    return self._opened(record.name)
                self.ledger.generations.mark_damaged(record.name, f"Damaged: {what}.")
                self._rebuild(record, beat)
            self._say(
                "damage",
                f"{record.name} was damaged ({what}) and has been built again from the ledger.",
            )
            return self._held(self.generation(record.name))
        except StoreBusy:
            return None
        except VectorsAway:
            raise
        except StoreError:
            logger.exception("%s could not be restored", record.name)
        return self._stand_in(record, what)

    def _rebuild(self, record: GenerationRecord, beat: Beat) -> None:
        """Builds the files of a generation again from the ledger."""
        from index.store.recovery import restore  # late: with all that building needs

        restore(self.folders, self.ledger, record, beat.tell, self.server)

    def _stand_in(self, record: GenerationRecord, what: str) -> _Open:
        """The newest other generation whose files are whole."""
        for other in self.ledger.generations.kept():
            if other.state != "ready" or other.name == record.name or not other.can_be_opened:
                continue
            if self.folders.damage(other):
                continue
            try:
                opened = self._held(self.generation(other.name), record.name)
            except StoreDamaged:
                continue
            self._say(
                "damage",
                f"{record.name} is damaged ({what}) and could not be restored; {other.name} "
                "serves. Reindex to put it right.",
            )
            return opened
        raise StoreDamaged(
            f"The index {record.name} is damaged: {what}. It could not be restored from the "
            "ledger, and there is no earlier one.",
            "Build the index anew with: nearsay index --full",
        )

    def _tidy(self) -> None:
        """Removes what a killed build left, unless somebody is building now."""
        try:
            if self._leftovers():
                with self.writing("nearsay, starting"):
                    pass  # taking the right to write removes them
        except StoreBusy:
            pass
        except StoreError:
            logger.warning("leftovers could not be removed", exc_info=True)

    def _leftovers(self) -> list[Path]:
        kept = self.ledger.generations.kept()
        return self.folders.leftovers({record.name for record in kept})

    def _remove_leftovers(self) -> None:
        for path in self._leftovers():
            logger.info("removing %s, which a build that was cut short left", path.name)
            self.folders.discard(path)
        self.ledger.generations.abandon_unfinished()
        self.remove_collections()
