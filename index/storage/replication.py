"""The files of a generation that another machine built, from the ledger."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from filelock import FileLock

from index.storage.checksums import damage
from index.storage.db import GenerationRecord, Ledger
from index.storage.directories import Folders, not_writable
from index.storage.generation import CHROMA

logger = logging.getLogger(__name__)

PLACE = "fetching"  # the folder of the data directory in which files arrive


def fetch(folders: Folders, ledger: Ledger, record: GenerationRecord) -> bool:
    """Puts the folder of a generation in place from the files that the ledger keeps of it; returns
    whether it is whole then. One process of a data directory does so at a time.

    Raises `StoreError` when the directory cannot be written, `LedgerError` when the ledger cannot
    be read.
    """
    place = folders.directory / PLACE
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / "lock"):
            if not folders.damage(record):  # another process was first
                return True
            _clear(place)
            folder = place / record.name
            try:
                folder.mkdir()
                if not ledger.generation_files.fetch(record.name, folder):
                    return False
                if what := damage(folder, record.digests):
                    logger.error("the ledger's files of %s are no good: %s", record.name, what)
                    return False
                folders.put(folder, record.name)
                return True
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise not_writable(folders.directory, error) from error


def keep(folder: Path, ledger: Ledger, name: str, digests: dict[str, str]) -> None:
    """Keeps the files of a generation in the ledger, except its vectors in Chroma."""
    files = [file for file in digests if not file.startswith(f"{CHROMA}/")]
    ledger.generation_files.keep(name, folder, files)


def _clear(place: Path) -> None:
    """Removes what a process that was killed left."""
    for path in place.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
