"""Run a system in a separate process, with its own memory, threads and interpreter. Queries are
sent through a pipe and timed in the child."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.benchmarks.speed.indexing import Workdir
from tests.benchmarks.speed.systems import SYSTEMS, Query, Ways


@dataclass(slots=True)
class Batch:
    """The times of concurrent queries in seconds: each query, the whole batch, and each
    acknowledgement (if it precedes the answer); and the number of lost answers."""

    seconds: list[float]
    whole: float
    acknowledged: list[float] = field(default_factory=list)
    lost: int = 0


class SystemProcess:
    """A system that runs in a child process."""

    def __init__(self, name: str, work: Workdir) -> None:
        """Start the process. The first query waits until the process is ready."""
        self.name = name
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, name, work), daemon=True)
        self._process.start()
        theirs.close()
        self.ways: tuple[str, ...] = self._receive()

    def ask(self, way: str, queries: Sequence[Query], at_once: int = 1) -> Batch:
        """Ask every query, `at_once` at a time."""
        self._line.send((way, list(queries), at_once))
        batch: Batch = self._receive()
        return batch

    def memory(self) -> float:
        return resident(self._process.pid)

    def end(self) -> None:
        """Kill the process."""
        self._line.close()
        self._process.kill()
        self._process.join()

    def _receive(self) -> Any:
        try:
            return self._line.recv()
        except (EOFError, ConnectionError) as error:
            raise RuntimeError(f"{self.name} ended while it was measured; see above.") from error


def resident(process: int | None) -> float:
    """Return the resident memory of a process in MB (10^6 bytes). Works only on Linux."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    held = next(line.split()[1] for line in lines.splitlines() if line.startswith("VmRSS:"))
    return int(held) / 1_000


def _serve(line: Connection, name: str, work: Workdir) -> None:
    """Load the system, and answer until the parent closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    ways = SYSTEMS[name](work)
    for ask in ways.values():
        ask(Query("what is near this, when all is warm?", 0))
    line.send(tuple(ways))
    while True:
        try:
            way, queries, at_once = line.recv()
        except (EOFError, ConnectionError):
            return
        line.send(_timed(ways, way, queries, at_once))


def _timed(ways: Ways, way: str, queries: Sequence[Query], at_once: int) -> Batch:
    def one(query: Query) -> float:
        began = time.perf_counter()
        ways[way](query)
        return time.perf_counter() - began

    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(lambda _: time.sleep(0.01), range(at_once)))  # until all have begun
        began = time.perf_counter()
        seconds = list(threads.map(one, queries))
        return Batch(seconds, time.perf_counter() - began)
