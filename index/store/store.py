"""Which generation is current, and how the next one comes to be."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import NoIndex, StoreBusy, StoreDamaged, StoreError
from index.store.generation import Generation

KEPT = 2  # The one before the current stays for processes that are still reading it.
_NAME = re.compile(r"g(\d{6,})")


@dataclass(frozen=True, slots=True)
class Draft:
    """A generation that is being written: its name, and the folder to write it into."""

    generation: str
    folder: Path


class Store:
    """The generations under one data directory. Threads may share it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._generations = directory / "generations"
        self._pointer = directory / "current"
        self._lock = threading.Lock()
        self._open: Generation | None = None

    def current(self) -> Generation:
        """The current generation; the same object until another one becomes current.

        Raises `NoIndex` before the first has been built, `StoreDamaged` when it cannot be read.
        """
        name = self._current_name()
        if name is None:
            raise NoIndex("Nothing has been indexed yet.", "Build the index with: nearsay index")
        with self._lock:
            if self._open is None or self._open.id != name:
                self._open = Generation(self._generations / name)
            return self._open

    def readable(self) -> Generation | None:
        """The current generation, or None when there is none or it is damaged."""
        try:
            return self.current()
        except (NoIndex, StoreDamaged):
            return None

    def close(self) -> None:
        """Releases the generation that is open, which must not be in use any more."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    @property
    def exists(self) -> bool:
        """Whether a generation has ever become current."""
        return self._current_name() is not None

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """A folder for the next generation, which becomes current when the block ends well.

        When it does not, the folder is removed and the current generation stays. Raises
        `StoreBusy` when another process is writing, `StoreError` when the directory cannot be
        written.
        """
        with self._writing():
            name = self._next_name()
            folder = self._generations / name
            scratch = self._generations / f"{name}.building"
            shutil.rmtree(scratch, ignore_errors=True)
            try:
                scratch.mkdir(parents=True)
                yield Draft(name, scratch)
                scratch.rename(folder)
                self._switch(name)
            except OSError as error:
                raise _not_writable(self.directory, error) from error
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
            self._remove_old(name)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        lock = FileLock(self.directory / "writing.lock", timeout=0)
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise StoreBusy(
                f"Another process is writing the index in {self.directory}.",
                "Wait until it has finished, then try again.",
            ) from error
        except OSError as error:
            raise _not_writable(self.directory, error) from error
        try:
            yield
        finally:
            lock.release()

    def _current_name(self) -> str | None:
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if _NAME.fullmatch(name) else None

    def _names(self) -> list[str]:
        if not self._generations.is_dir():
            return []
        return sorted(
            path.name for path in self._generations.iterdir() if _NAME.fullmatch(path.name)
        )

    def _next_name(self) -> str:
        numbers = [int(name[1:]) for name in self._names()]
        return f"g{max(numbers, default=0) + 1:06d}"

    def _switch(self, name: str) -> None:
        beside = self._pointer.with_suffix(".new")
        beside.write_text(name + "\n", encoding="ascii")
        beside.replace(self._pointer)

    def _remove_old(self, current: str) -> None:
        for name in [name for name in self._names() if name < current][: -(KEPT - 1)]:
            shutil.rmtree(self._generations / name, ignore_errors=True)


def _not_writable(directory: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The data directory {directory} cannot be written: {error.strerror or error}.",
        "Free some space or mend its permissions, or set NEARSAY_DATA_DIR to another folder.",
    )
