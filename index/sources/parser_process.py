"""Parse the files of sources in a child process, so that no file can stop the answers.

A hostile file can run for hours in code that does not release the interpreter lock, fill the
memory, or crash the process.
"""

import faulthandler
import os
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from index.child_process import Child, lower_priority
from index.errors import ReaderStopped, SourceError
from index.sources.files import Reading, SourceFile

MAX_SECONDS = 300  # per file, by the clock; a workbook of 200,000 rows takes about 60
MAX_MEMORY = 2 * 1024**3  # bytes; enforced only on Linux


class ParserProcess:
    """A process that parses files. It starts with the first file, and again after a file that
    stopped it. `tell` is called every second; if it raises, call `close`."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._child: Child | None = None

    def close(self) -> None:
        """Kill the process, if it is running."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def parse(self, file: SourceFile, columns: Mapping[str, str]) -> Reading:
        """Return what `read_file` returns. Raises `SourceError` when the file cannot be read, and
        its subclass `ReaderStopped` when the process could not start, exited or took too long."""
        for _ in range(2):  # the process may have exited before this file
            try:
                result = self._ask((file, dict(columns)))
            except TimeoutError as error:
                self.close()
                reason = f"takes more than {MAX_SECONDS / 60:g} minutes to read"
                raise ReaderStopped(file.path, None, reason) from error
            if isinstance(result, Exception):
                raise result
            if result is not None:
                return result
            self.close()
        raise ReaderStopped(file.path, None, "could not be read: the reader stopped")

    def _ask(self, message: tuple[SourceFile, dict[str, str]]) -> Reading | Exception | None:
        """Return the result of the process, or None if it did not start or has exited."""
        child = self._child = self._child or Child(_parse_files, spawn=True)
        try:
            child.send(message)
        except OSError:
            return None
        for _ in range(MAX_SECONDS):
            try:
                result: Reading | Exception = child.receive(seconds=1)
            except TimeoutError:
                self._tell()
            except (EOFError, OSError):
                return None
            else:
                return result
        raise TimeoutError


def _parse_files(connection: Connection) -> None:
    lower_priority()
    with suppress(ImportError, OSError, ValueError):  # ValueError: there is a lower limit
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY, MAX_MEMORY))
    with Path(os.devnull).open("w") as nowhere, suppress(EOFError, ConnectionError):
        while True:  # until the parent exits
            file, columns = connection.recv()
            # Exit even if the parent was killed and C code holds the interpreter lock.
            faulthandler.dump_traceback_later(MAX_SECONDS + 5, file=nowhere, exit=True)
            try:
                connection.send(_result(file, columns))
            except MemoryError:
                reason = f"needs more than {MAX_MEMORY // 1024**3} GB of memory to read"
                connection.send(SourceError(file.path, None, reason, "Split it."))
            faulthandler.cancel_dump_traceback_later()


def _result(file: SourceFile, columns: Mapping[str, str]) -> Reading | Exception:
    from index.sources.registry import read_file  # slow import: many parsers

    try:
        return read_file(file, columns)
    except SourceError as error:
        return error
    except MemoryError:
        raise
    except Exception:
        return RuntimeError(traceback.format_exc())
