"""Fetch a generation's files from the ledger, on machines that did not build it."""

import logging
import shutil

from filelock import FileLock

from index.storage.checksums import damage
from index.storage.db.generation_records import GenerationRecord
from index.storage.db.ledger import Ledger
from index.storage.directories import Folders, not_writable

logger = logging.getLogger(__name__)

FETCH_FOLDER = "fetching"  # in the data directory, for files being fetched


def fetch(folders: Folders, ledger: Ledger, record: GenerationRecord) -> bool:
    """Copy a generation's files from the ledger into place; return False if they are missing or
    damaged there. Only one process per data directory does this at a time. Raises `StoreError` if
    the directory cannot be written, and `LedgerError` if the ledger cannot be read."""
    place = folders.directory / FETCH_FOLDER
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / "lock"):
            if not folders.damage(record):  # another process was first
                return True
            for left in place.glob("*/"):  # left by a killed process
                shutil.rmtree(left, ignore_errors=True)
            folder = place / record.name
            try:
                folder.mkdir()
                if not ledger.generation_files.fetch(record.name, folder):
                    return False
                if fault := damage(folder, record.digests):
                    logger.error("Files of %s in the ledger are damaged: %s", record.name, fault)
                    return False
                folders.put(folder, record.name)
                return True
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise not_writable(folders.directory, error) from error
