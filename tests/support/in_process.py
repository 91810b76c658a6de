"""Run builds, probes and parsers in the test's own process, which takes a third of the time.

Tests marked `children` use child processes, as the bot does.
"""

import multiprocessing
import pickle
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.child_process import Child
from index.sources import parser_process
from index.sources.files import Reading, SourceFile
from index.storage import health_check

_patch = pytest.MonkeyPatch()


class ThreadedChild(Child):
    """Runs the work of a build's child process in a thread."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self._connection, theirs = multiprocessing.Pipe()
        self._thread = threading.Thread(target=_run, args=(work, theirs, *arguments), daemon=True)
        self._thread.start()

    def send(self, message: object) -> None:
        with suppress(ConnectionError):
            self._connection.send(message)

    def status(self) -> int | None:
        return None

    def kill(self) -> None:
        self._connection.close()
        self._thread.join()


def _run(work: Callable[..., None], line: Connection, *arguments: object) -> None:
    with line, suppress(EOFError, OSError):  # the other end is closed
        work(line, *arguments)


def probe_in_process(folder: Path, seconds: float = 60) -> str:
    """Probe a generation as the child process does, without the time to start one."""
    return health_check.fault_of(folder)


def parse_in_process(_: object, file: SourceFile, columns: Mapping[str, str]) -> Reading:
    """Parse a file as the child process does, and pickle the result as its connection does."""
    result = pickle.loads(pickle.dumps(parser_process._result(file, columns)))
    if isinstance(result, Exception):
        raise result
    assert isinstance(result, Reading)
    return result


def use_threads() -> None:
    """Build in a thread, probe and parse in this process until `use_processes` is called."""
    _patch.setattr("index.indexing.supervisor.Child", ThreadedChild)
    _patch.setattr("index.indexing.supervisor.listen", lambda line: SimpleNamespace(get=line.recv))
    _patch.setattr("index.indexing.supervisor.lower_priority", lambda: None)
    _patch.setattr("index.storage.store.probe", probe_in_process)
    _patch.setattr("index.sources.parser_process.ParserProcess.parse", parse_in_process)


def use_processes() -> None:
    """Build, probe and parse in child processes again."""
    _patch.undo()
