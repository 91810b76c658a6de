"""What other processes, on any machine, know of this one: that it lives, and what it reads."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from index.errors import LedgerError
from index.storage.db.processes import BEAT, Members

logger = logging.getLogger(__name__)

LEAVING = 3.0  # seconds that the end of a process may wait for the database
SEEN = 2.0  # seconds that the others are waited for, until they read a new generation
AGAIN = 0.05  # seconds between two looks whether they do


class ClusterMember:
    """This process among those that use the ledger, with a heartbeat on a thread of its own.
    Threads may share it."""

    def __init__(self, members: Members) -> None:
        """Raises `LedgerError` when the ledger cannot be written."""
        self._members = members
        self._words = f"process {os.getpid()} on {socket.gethostname()}"
        self._lock = threading.Lock()
        self._reads: list[str] = []
        self.token = members.join(self._words)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        self._thread.start()

    @contextmanager
    def holding(self, generation: str) -> Iterator[None]:
        """The generation is kept for the block. Raises `NotFound` when it has been removed."""
        self._members.hold(self.token, generation)
        with self._lock:
            self._reads.append(generation)
        try:
            yield
        finally:
            with self._lock:
                self._reads.remove(generation)
                last = generation not in self._reads
            if last:
                try:
                    self._members.release(self.token, generation)
                except LedgerError:
                    logger.warning("a generation could not be let go; that will be done later")

    def wait_for_others(self, generation: str) -> None:
        """Waits until every other process reads this generation and no other, or for `SEEN`."""
        deadline = time.monotonic() + SEEN
        with suppress(LedgerError):
            while self._members.read_another(generation, but=self.token):
                if time.monotonic() > deadline:
                    logger.info("%s is not read by all processes yet", generation)
                    return
                time.sleep(AGAIN)

    def leave(self) -> None:
        """Ends the heartbeat: this process reads nothing, and has nothing to answer. A database
        that says nothing is not waited for; the others will notice."""
        self._stopped.set()
        leaving = threading.Thread(target=self._leave, name="leaving", daemon=True)
        leaving.start()
        leaving.join(LEAVING)

    def _leave(self) -> None:
        self._thread.join()
        try:
            self._members.leave(self.token)
        except LedgerError:
            logger.warning("the ledger could not be told that this process ends; it will notice")

    def _run(self) -> None:
        failing = False
        while not self._stopped.wait(BEAT):
            try:
                if not self._members.beat(self.token):
                    self._return()
                failing = False
            except LedgerError as error:
                if not failing:
                    logger.warning("no heartbeat can be written for now: %s", error.message)
                failing = True

    def _return(self) -> None:
        """Joins again under the same token, after it was away for so long that it was forgotten."""
        self._members.join(self._words, self.token)
        with self._lock:
            reads = set(self._reads)
        for generation in reads:
            self._members.hold(self.token, generation)
