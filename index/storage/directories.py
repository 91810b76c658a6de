"""The folders of the generations on disk. Each is built in a scratch folder, then renamed."""

import logging
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import StoreBusy, StoreError
from index.storage.checksums import READERS, damage
from index.storage.db.generation_records import GenerationRecord
from index.storage.db.lease import busy_error

logger = logging.getLogger(__name__)

_BUILDING, _REMOVING = ".building", ".removing"


class Folders:
    def __init__(self, directory: Path, name: str = "generations") -> None:
        self.directory = directory
        self.root = directory / name

    def of(self, name: str) -> Path:
        return self.root / name

    def damage(self, record: GenerationRecord) -> str:
        """Describe the damage to a generation's files. Returns an empty string if there is none."""
        if not self.of(record.name).is_dir():
            return "its folder is missing"
        return damage(self.of(record.name), record.digests)

    @contextmanager
    def locked(self, holder: str) -> Iterator[None]:
        """Hold the write lock of the directory during the block. `holder` describes this process.
        Raises `StoreBusy` at once if another process holds the lock, and `StoreError` if the
        directory cannot be written."""
        lock = FileLock(self.directory / "writing.lock", timeout=0)
        words = self.directory / "writing.by"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            _take(lock, words, holder)
        except Timeout as error:
            raise busy_error(_read(words) or "another process") from error
        except OSError as error:
            raise not_writable(self.directory, error) from error
        try:
            yield
        finally:
            with suppress(OSError):
                words.unlink(missing_ok=True)
            lock.release()

    def claim(self, holder: str) -> FileLock | None:
        """Reserve the directory for a service, until it releases the lock. Returns None if the
        directory cannot be written. Raises `StoreBusy` if another service has reserved it."""
        lock = FileLock(self.directory / "serving.lock", timeout=0, thread_local=False)
        words = self.directory / "serving.by"
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            _take(lock, words, holder)
        except Timeout as error:
            raise StoreBusy(
                f"{_read(words) or 'Another process'} already serves from the data directory "
                f"{self.directory}.",
                "Stop it first, or set NEARSAY_DATA_DIR to another folder. Several processes may "
                "serve together only with DATABASE_URL and CHROMA_URL.",
            ) from error
        except OSError as error:
            logger.warning("the data directory cannot be reserved: %s", error.strerror or error)
            return None
        return lock

    @contextmanager
    def scratch(self, name: str) -> Iterator[Path]:
        """Create an empty folder to build a generation in. It is removed after the block unless
        `put` moved it. Raises `StoreError` if the directory cannot be written."""
        folder = self.root / f"{name}.{secrets.token_hex(4)}{_BUILDING}"
        try:
            folder.mkdir(parents=True)
            yield folder
        except OSError as error:
            raise not_writable(self.directory, error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, scratch: Path, name: str) -> None:
        """Move a scratch folder to the generation's folder, replacing an existing one. Raises
        `StoreError` if the directory cannot be written."""
        if self.of(name).exists():
            self.remove(name)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            scratch.rename(self.of(name))
        except OSError as error:
            raise not_writable(self.directory, error) from error

    def remove(self, name: str) -> None:
        """Remove a generation's folder. It is renamed first, so that no part stays visible."""
        gone = self.root / f"{name}.{secrets.token_hex(4)}{_REMOVING}"
        with suppress(OSError):
            self.of(name).rename(gone)
            self.discard(gone)

    def discard(self, path: Path) -> None:
        """Remove a leftover folder, unless a running process reads it."""
        if not self.is_read(path.name):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Hold a reader lock during the block, so that no process deletes the generation."""
        lock = self._reader_lock(name)
        try:
            yield
        finally:
            if lock is not None:
                lock.release()
                with suppress(OSError):
                    Path(lock.lock_file).unlink(missing_ok=True)

    def _reader_lock(self, name: str) -> FileLock | None:
        readers = self.of(name) / READERS
        try:
            readers.mkdir(exist_ok=True)
            lock = FileLock(readers / f"{secrets.token_hex(8)}.lock", timeout=0)
            lock.acquire()
        except OSError:
            return None
        return lock

    def is_read(self, name: str) -> bool:
        """Return whether a running process reads the generation. Deletes the lock files of dead
        readers."""
        for file in (self.of(name) / READERS).glob("*.lock"):
            if _is_held(file):
                return True
            with suppress(OSError):
                file.unlink(missing_ok=True)
        return False

    def in_use(self) -> bool:
        """Return whether a running process reads or builds a generation in this directory."""
        return self.root.is_dir() and (
            _is_held(self.directory / "writing.lock")
            or any(self.is_read(path.name) for path in self.root.iterdir())
        )

    def leftovers(self, known: Collection[str]) -> list[Path]:
        """Return the folders that killed processes left: half built, half removed, or not in
        `known`. This includes the folder of a running build, so call it under `locked`."""
        return [path for path in sorted(self.root.glob("*/")) if path.name not in known]

    def size(self) -> int:
        """Return the total size of the data directory in bytes."""
        total = 0
        for folder, _, files in os.walk(self.directory):  # skips folders that are being removed
            for name in files:
                with suppress(OSError):
                    total += (Path(folder) / name).stat().st_size
        return total


def not_writable(directory: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The data directory {directory} cannot be written: {error.strerror or error}.",
        "Free some space, fix its permissions, or set NEARSAY_DATA_DIR to another folder.",
    )


def _is_held(file: Path) -> bool:
    lock = FileLock(file, timeout=0)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _take(lock: FileLock, words: Path, holder: str) -> None:
    """Take a lock and write its holder into a file. Raises `Timeout` if another process holds the
    lock, and `OSError`, without the lock, if one of the two files cannot be written."""
    lock.acquire()
    try:
        words.write_text(holder, encoding="utf-8")
    except OSError:
        lock.release()
        raise


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()[:200]
    except (OSError, UnicodeDecodeError):
        return ""
