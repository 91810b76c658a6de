"""Opening a generation: it is held and warmed; where it is damaged it is built again from the
ledger, and where that cannot be, an earlier one stands in for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack

from index.errors import IndexCorrupted, StoreBusy, StoreError, VectorStoreUnavailable
from index.storage.db import GenerationRecord
from index.storage.db.lease import Heartbeat
from index.storage.generation import Generation
from index.storage.repository import Repository, Troubles

logger = logging.getLogger(__name__)

Restore = Callable[[Repository, GenerationRecord, Callable[[str, int, int], None]], None]
"""Builds the files of a generation again from the ledger, and reports its progress. Raises
`StoreError` when it cannot."""

PATIENCE = 60.0  # seconds that another process is waited for which builds it again
AGAIN = 1.0  # seconds between two looks whether that has ended


class Opened:
    """A generation that is open: how many are reading it, and what says so to other processes."""

    def __init__(self, generation: Generation, held: ExitStack, instead_of: str) -> None:
        self.generation = generation
        self.instead_of = instead_of  # the one that is current but cannot be opened, or the same
        self.readers = 0
        self.retired = False
        self._held = held

    def close(self) -> None:
        self.generation.close()
        self._held.close()


class Opener:
    """Opens the generations of a repository, and tells of `troubles` with them."""

    def __init__(self, repository: Repository, troubles: Troubles, restore: Restore | None) -> None:
        self._repository = repository
        self._troubles = troubles
        self._restore = restore

    def open(self, name: str) -> Opened:
        """A generation, held and warm, or one that stands in for it. Raises `IndexCorrupted` where
        there is none, and what `Repository.outdated` gives and raises."""
        if (outdated := self._repository.outdated()) is not None:
            raise outdated
        record = self._record(name)
        opened, what = self._whole(record)
        return opened or self.recover(record, what)

    def hold(self, generation: Generation, instead_of: str = "") -> Opened:
        """Warms a generation whose files are in place."""
        name = generation.folder.name
        held = ExitStack()
        try:
            if self._repository.is_shared:
                held.enter_context(self._repository.present().holding(name))
            held.enter_context(self._repository.folders.held(name))
            held.callback(generation.close)
            generation.warm()
        except BaseException:
            held.close()
            raise
        return Opened(generation, held, instead_of or generation.id)

    def recover(self, record: GenerationRecord, what: str) -> Opened:
        """A damaged generation after it has been built again, here or by another process; where
        that cannot be, what stands in for it. `what` is wrong with it."""
        logger.error("%s is damaged: %s", record.name, what)
        deadline = time.monotonic() + PATIENCE
        while (done := self._restored(record, what)) is None and time.monotonic() < deadline:
            time.sleep(AGAIN)  # another process is at it
            opened, _ = self._whole(self._record(record.name))
            if opened is not None:
                return opened
        return done or self._stand_in(record, what)

    def mend(self, record: GenerationRecord, beat: Heartbeat) -> None:
        """Makes a generation whole, of which files or vectors are damaged. The caller holds the
        right to write. Raises `StoreError` when that cannot be done."""
        if not self._repository.damage(record):
            generation = self._repository.generation(record.name)
            try:
                generation.check_vectors()
            except IndexCorrupted:
                pass
            else:
                return
            finally:
                generation.close()
        self._rebuild(record, beat)

    def _record(self, name: str) -> GenerationRecord:
        return self._repository.ledger.generations.get(name)

    def _whole(self, record: GenerationRecord) -> tuple[Opened | None, str]:
        """A generation that is whole, or can be fetched; else what is wrong with it."""
        if what := self._repository.damage(record):
            return None, what
        try:
            return self.hold(self._repository.generation(record.name)), ""
        except IndexCorrupted as error:
            return None, error.message.rstrip(".")

    def _restored(self, record: GenerationRecord, what: str) -> Opened | None:
        """The generation with its files built again, or one that stands in for it where that
        cannot be; None while another process has the right to write."""
        try:
            with self._repository.writing("nearsay, restoring what is damaged") as beat:
                if self._record(record.name).digests != record.digests:
                    return self.open(record.name)  # another process was first
                note = f"Damaged: {what}."
                self._repository.ledger.generations.mark_damaged(record.name, note)
                self._rebuild(record, beat)
            self._troubles.report(
                "damage",
                f"{record.name} was damaged ({what}) and has been built again from the ledger.",
            )
            return self.hold(self._repository.generation(record.name))
        except StoreBusy:
            return None
        except VectorStoreUnavailable:
            raise
        except StoreError:
            logger.exception("%s could not be restored", record.name)
        return self._stand_in(record, what)

    def _rebuild(self, record: GenerationRecord, beat: Heartbeat) -> None:
        """Builds the files of a generation again from the ledger."""
        if self._restore is None:
            raise IndexCorrupted("This process cannot build an index.")
        self._restore(self._repository, record, beat.tell)

    def _stand_in(self, record: GenerationRecord, what: str) -> Opened:
        """The newest other generation whose files are whole."""
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
                f"{record.name} is damaged ({what}) and could not be restored; {other.name} "
                "serves. Reindex to put it right.",
            )
            return opened
        raise IndexCorrupted(
            f"The index {record.name} is damaged: {what}. It could not be restored from the "
            "ledger, and there is no earlier one."
        )
