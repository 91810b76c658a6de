"""Copies of a generation's files in the ledger, for the machines that did not build it."""

import logging
import shutil
from pathlib import Path

from filelock import FileLock

from index.storage.checksums import damage
from index.storage.db import GenerationRecord, Ledger
from index.storage.directories import Folders, not_writable
from index.storage.generation import CHROMA

logger = logging.getLogger(__name__)

FETCH_FOLDER = "fetching"  # in the data directory, for files being fetched


def fetch(folders: Folders, ledger: Ledger, record: GenerationRecord) -> bool:
    """Fetch a generation's files from the ledger and move them into place; return whether they are
    intact.

    One process per data directory does this at a time. Raises `StoreError` when the directory
    cannot be written, `LedgerError` when the ledger cannot be read.
    """
    place = folders.directory / FETCH_FOLDER
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
                if fault := damage(folder, record.digests):
                    logger.error("The ledger's files of %s are damaged: %s", record.name, fault)
                    return False
                folders.put(folder, record.name)
                return True
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise not_writable(folders.directory, error) from error


def keep(folder: Path, ledger: Ledger, name: str, digests: dict[str, str]) -> None:
    """Store the files of a generation in the ledger, except its Chroma folder."""
    files = [file for file in digests if not file.startswith(f"{CHROMA}/")]
    ledger.generation_files.keep(name, folder, files)


def _clear(place: Path) -> None:
    """Remove the folders that a killed process left."""
    for path in place.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
