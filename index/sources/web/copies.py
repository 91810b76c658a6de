"""Copies of files from the web, each with what is needed to ask whether the file has changed."""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import FetchError
from index.sources.source import Source
from index.sources.web.fetcher import FetchedFile, Fetcher, Validators, require_allowed
from index.sources.web_address import WebAddress

logger = logging.getLogger(__name__)

LONGEST_STEM = 60  # characters of a file name
RECORD, FAILURE = "fetched.json", "failed.json"


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy of a file. It is an older one if the file could not be fetched, for the reason
    `problem`."""

    path: Path
    problem: FetchError | None = None


class WebCopies:
    """The copies in a folder, `FOLDER/KEY/NAME`; the key is a digest of the address. Each file is
    replaced at once, so that processes may share the folder."""

    def __init__(self, folder: Path, fetcher: Fetcher) -> None:
        self._folder = folder
        self._fetcher = fetcher

    def refresh(self, source: Source) -> Copy:
        """Fetch the file of a source unless it is unchanged, and return the copy. Raises
        `FetchError` if it cannot be fetched or stored, and there is no older copy."""
        folder = self._folder_of(source.path)
        known, validators = _stored(folder)
        try:
            address = _address(source)
            fetched = self._fetcher.fetch(address, validators if known else Validators())
            if fetched is not None:
                known = _store(folder, address, fetched)
        except FetchError as error:
            logger.warning("a source could not be fetched: %s", error.message)
            _record_failure(folder, error)
            if known is None:
                raise
            return Copy(known, error)
        if known is None:  # asked without validators, no server may answer "unchanged"
            raise FetchError(Path(source.shown), None, "was not sent", "Reindex again.")
        with suppress(OSError):
            (folder / FAILURE).unlink(missing_ok=True)
        return Copy(known)

    def failure(self, source: Source) -> FetchError | None:
        """Return the reason why the last fetch of a source failed, or why the next one will."""
        try:
            require_allowed(_address(source), self._fetcher.hosts)
            content = (self._folder_of(source.path) / FAILURE).read_text(encoding="utf-8")
            reason, hint = map(str, json.loads(content))
        except FetchError as error:
            return error
        except (OSError, ValueError, TypeError):
            return None
        return FetchError(Path(source.shown), None, reason, hint)

    def keep_only(self, paths: Iterable[str]) -> None:
        """Delete the copies of all addresses except `paths`."""
        kept = {self._folder_of(path) for path in paths}
        with suppress(OSError):
            for folder in self._folder.iterdir():
                if folder not in kept:
                    shutil.rmtree(folder, ignore_errors=True)

    def _folder_of(self, path: str) -> Path:
        return self._folder / hashlib.sha256(path.encode(errors="replace")).hexdigest()[:32]


def _address(source: Source) -> WebAddress:
    try:
        return WebAddress.parse(source.path)
    except ValueError as error:
        hint = f"To remove it: nearsay index --remove {source.name}"
        raise FetchError(Path(source.name), None, f"has an address {error}", hint) from error


def _stored(folder: Path) -> tuple[Path | None, Validators]:
    """Return the copy in a folder and its validators; without validators if the copy is not the one
    that they belong to."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        path = folder / Path(record["name"]).name
        validators = Validators(str(record["etag"]), str(record["modified"]))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError):
        return None, Validators()
    return path, validators if digest == record.get("digest") else Validators()


def _record_failure(folder: Path, error: FetchError) -> None:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / FAILURE, json.dumps([error.reason, error.hint]).encode())


def _store(folder: Path, address: WebAddress, fetched: FetchedFile) -> Path:
    """Store a file, then its record. A crash in between leaves a copy without validators."""
    stem = address.file.stem[:LONGEST_STEM] or address.host[:LONGEST_STEM]
    path = folder / f"{stem}{fetched.suffix}"
    record = {
        "name": path.name,
        "digest": hashlib.sha256(fetched.data).hexdigest(),
        "etag": fetched.validators.etag,
        "modified": fetched.validators.modified,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(path, fetched.data)
        _replace(folder / RECORD, json.dumps(record).encode())
        for other in folder.iterdir():  # of an earlier format, or of a write that was interrupted
            if other.name not in (path.name, RECORD):
                other.unlink(missing_ok=True)
    except OSError as error:
        hint = "Free some space, or fix the permissions of the data directory."
        reason = f"cannot be stored: {error.strerror}"
        raise FetchError(Path(str(address)), None, reason, hint) from error
    return path


def _replace(path: Path, data: bytes) -> None:
    """Write a file that only this user can read, at once."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
