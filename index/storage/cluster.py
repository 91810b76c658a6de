"""The membership of this process in the cluster of all processes that use the ledger."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from index.errors import LedgerError, NotFound
from index.storage.db.processes import HEARTBEAT_S, Members

logger = logging.getLogger(__name__)

LEAVE_TIMEOUT_S = 3.0  # to deregister when the process ends
SWITCH_TIMEOUT_S = 2.0  # for the other processes to open a new generation
POLL_S = 0.05


class ClusterMember:
    """This process as a member of the cluster, with a heartbeat thread. Thread-safe."""

    def __init__(self, members: Members) -> None:
        """Register this process. Raises `LedgerError` if the ledger cannot be written."""
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
        """Prevent a generation's removal during the block. Raises `NotFound` if already removed."""
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
                    logger.warning("Could not release a generation; the hold will expire")

    def wait_for_others(self, generation: str) -> None:
        """Wait, up to `SWITCH_TIMEOUT_S`, until all other processes read only this generation."""
        deadline = time.monotonic() + SWITCH_TIMEOUT_S
        with suppress(LedgerError):
            while self._members.read_another(generation, but=self.token):
                if time.monotonic() > deadline:
                    logger.info("Some processes do not read %s yet", generation)
                    return
                time.sleep(POLL_S)

    def leave(self) -> None:
        """Stop the heartbeat and deregister this process. Waits up to `LEAVE_TIMEOUT_S` for the
        database. If the database does not answer, the registration expires."""
        self._stopped.set()
        leaving = threading.Thread(target=self._leave, name="leaving", daemon=True)
        leaving.start()
        leaving.join(LEAVE_TIMEOUT_S)

    def _leave(self) -> None:
        self._thread.join()
        try:
            self._members.leave(self.token)
        except LedgerError:
            logger.warning("Could not deregister this process; its heartbeat will expire")

    def _run(self) -> None:
        failing = False
        while not self._stopped.wait(HEARTBEAT_S):
            try:
                if not self._members.beat(self.token):
                    self._rejoin()
                failing = False
            except LedgerError as error:
                if not failing:
                    logger.warning("Cannot write a heartbeat: %s", error.message)
                failing = True

    def _rejoin(self) -> None:
        """Register again with the same token after the registration has expired."""
        self._members.join(self._words, self.token)
        with self._lock:
            reads = set(self._reads)
        for generation in reads:
            with suppress(NotFound):  # the others have removed it in the meantime
                self._members.hold(self.token, generation)
