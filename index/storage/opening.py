"""Open generations: mark them as being read, warm them, and recover from damage.

A damaged generation is rebuilt from the ledger. If that fails, an earlier one is opened instead.
"""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress

from index.errors import IndexCorrupted, StoreBusy, StoreError, VectorStoreUnavailable
from index.progress import Progress
from index.storage.db.generation_records import GenerationRecord
from index.storage.db.lease import Heartbeat
from index.storage.generation import Generation
from index.storage.repository import CurrentProblems, Repository

logger = logging.getLogger(__name__)

Restore = Callable[[Repository, GenerationRecord, Progress], None]
"""Rebuilds the files of a generation from the ledger and reports progress. Raises `StoreError` if
that fails."""

PATIENCE = 60.0  # seconds to wait while another process rebuilds a generation
AGAIN = 1.0  # seconds between two checks whether a generation has been rebuilt


class OpenGeneration:
    """An open generation, the number of its readers, and the locks that mark it as being read."""

    def __init__(self, generation: Generation, held: ExitStack, instead_of: str) -> None:
        self.generation = generation
        self.instead_of = instead_of  # id of the damaged generation it replaces, or its own id
        self.views: dict[frozenset[str], Generation] = {}  # by the sources that they hide
        self.readers = 0
        self.retired = False
        self._held = held

    def close(self) -> None:
        for generation in (self.generation, *self.views.values()):
            generation.close()
        self._held.close()


class GenerationOpener:
    def __init__(
        self, repository: Repository, troubles: CurrentProblems, restore: Restore | None
    ) -> None:
        self._repository = repository
        self._troubles = troubles
        self._restore = restore

    def open(self, name: str) -> OpenGeneration:
        """Open and warm a generation, or a replacement if it is damaged. Raises `IndexCorrupted` if
        none can be opened, and `IndexOutdated` or `StoreError` if another version of Nearsay built
        the current generation."""
        if (outdated := self._repository.outdated()) is not None:
            raise outdated
        record = self._record(name)
        opened, fault = self._open_intact(record)
        return opened or self.recover(record, fault)

    def hold(self, generation: Generation, instead_of: str = "") -> OpenGeneration:
        """Warm a generation whose files are in place, and mark it as being read."""
        name = generation.folder.name
        held = ExitStack()
        try:
            if self._repository.is_shared:
                held.enter_context(self._repository.membership().holding(name))
            held.enter_context(self._repository.folders.held(name))
            held.callback(generation.close)
            generation.warm()
        except BaseException:
            held.close()
            raise
        return OpenGeneration(generation, held, instead_of or generation.id)

    def recover(self, record: GenerationRecord, fault: str) -> OpenGeneration:
        """Rebuild a damaged generation, or wait while another process does so, and open it. If that
        fails, opens an earlier generation. `fault` describes the damage."""
        logger.error("%s is damaged: %s", record.name, fault)
        deadline = time.monotonic() + PATIENCE
        while (done := self._try_restore(record, fault)) is None and time.monotonic() < deadline:
            time.sleep(AGAIN)
            opened, _ = self._open_intact(self._record(record.name))
            if opened is not None:
                return opened
        return done or self._open_earlier(record, fault)

    def repair(self, record: GenerationRecord, beat: Heartbeat) -> None:
        """Rebuild a generation if its files or vectors are damaged. The caller holds the write
        lock. Raises `StoreError` if the rebuild fails."""
        if not self._repository.damage(record):
            generation = self._repository.generation(record.name)
            with closing(generation), suppress(IndexCorrupted):
                generation.check_vectors()
                return
        self._rebuild(record, beat)

    def _record(self, name: str) -> GenerationRecord:
        return self._repository.ledger.generations.get(name)

    def _open_intact(self, record: GenerationRecord) -> tuple[OpenGeneration | None, str]:
        """Open a generation, fetching its files if needed. If it is damaged, returns None and a
        description of the damage."""
        if fault := self._repository.damage(record):
            return None, fault
        try:
            return self.hold(self._repository.generation(record.name)), ""
        except IndexCorrupted as error:
            return None, error.message.rstrip(".")

    def _try_restore(self, record: GenerationRecord, fault: str) -> OpenGeneration | None:
        """Rebuild and open a generation, or else open an earlier one. Returns None while another
        process holds the write lock."""
        try:
            with self._repository.writing("Nearsay, repairing a damaged generation") as beat:
                if self._record(record.name).digests != record.digests:
                    return self.open(record.name)  # another process was first
                note = f"Damaged: {fault}."
                self._repository.ledger.generations.mark_damaged(record.name, note)
                self._rebuild(record, beat)
            self._troubles.report(
                "damage",
                f"{record.name} was damaged ({fault}) and has been rebuilt from the ledger.",
            )
            return self.hold(self._repository.generation(record.name))
        except StoreBusy:
            return None
        except VectorStoreUnavailable:
            raise
        except StoreError:
            logger.exception("%s could not be restored", record.name)
        return self._open_earlier(record, fault)

    def _rebuild(self, record: GenerationRecord, beat: Heartbeat) -> None:
        if self._restore is None:
            raise IndexCorrupted("This process cannot build an index.")
        self._restore(self._repository, record, beat.report)

    def _open_earlier(self, record: GenerationRecord, fault: str) -> OpenGeneration:
        for other in self._repository.ledger.generations.kept():
            if other.state != "ready" or other.name == record.name or not other.can_be_opened:
                continue
            if self._repository.folders.damage(other):
                continue
            try:
                opened = self.hold(self._repository.generation(other.name), record.name)
            except IndexCorrupted:
                continue
            self._troubles.report(
                "damage",
                f"{record.name} is damaged ({fault}) and could not be restored; {other.name} "
                "is used instead. Reindex to repair it.",
            )
            return opened
        raise IndexCorrupted(
            f"The index {record.name} is damaged: {fault}. It could not be restored from the "
            "ledger, and there is no earlier generation."
        )
