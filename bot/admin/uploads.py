"""Glossary files that users upload to the bot, stored as `imports/NAME/ID/FILE`.

An uploaded file becomes the source NAME when its import is applied. Each upload has its own path,
so that a rollback finds the file from which the generation was built.
"""

import re
import secrets
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path, PurePosixPath

from index.errors import LedgerError, NotFound
from index.fsync import sync
from index.sources.source import slug
from index.sources.suffixes import FORMATS, SUFFIXES

LARGEST = 10 * 1024 * 1024  # maximum bytes of a file
KEPT = 7 * 86_400  # seconds that an undecided upload is kept
LONGEST_NAME = 60  # characters of a source name derived from a file name
_ID = re.compile(r"[0-9a-f]{16}")


class Uploads:
    """The uploads in one data directory. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, content: bytes, upload: str = "") -> Path:
        """Store a file under the id `upload` (16 hexadecimal digits, random by default) and return
        its path. Raises `NotFound` for an unsupported file type, `LedgerError` when it cannot be
        written."""
        require_readable(name)
        stem, suffix = stem_and_suffix(name)
        upload, source = upload or secrets.token_hex(8), slug(stem)[:LONGEST_NAME]
        path = self._folder / source / upload / f"{source}{suffix}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            sync(path, path.parent, path.parent.parent, self._folder, self._folder.parent)
        except OSError as error:
            raise LedgerError(
                f"The file cannot be stored: {error.strerror or error}.",
                "Free some space, or fix the permissions of the data directory.",
            ) from error
        return path

    def get(self, upload: str) -> Path:
        """Return the path of the upload with that id. Raises `NotFound` if there is none."""
        for path in self._folder.glob(f"*/{upload}/*") if _ID.fullmatch(upload) else ():
            return path
        raise NotFound(
            "That file no longer exists: its import was cancelled, or it has expired.",
            "Send it again to import it.",
        )

    def is_within(self, path: Path) -> bool:
        """Return whether a path is in the folder of uploads."""
        return path.is_relative_to(self._folder)

    def remove(self, path: Path) -> None:
        """Delete an upload and its folder."""
        shutil.rmtree(path.parent, ignore_errors=True)
        with suppress(OSError):
            path.parent.parent.rmdir()  # fails while other uploads of that name exist

    def delete_expired(self, used: Collection[Path]) -> None:
        """Delete uploads that are older than `KEPT` seconds and not in `used`."""
        for path in self._folder.glob("*/*/*"):
            with suppress(OSError):
                if path not in used and time.time() - path.stat().st_mtime > KEPT:
                    self.remove(path)


def require_readable(name: str) -> None:
    """Raise `NotFound` unless files with the suffix of `name` can be read."""
    if stem_and_suffix(name)[1] not in SUFFIXES:
        raise NotFound(f"{name[:80]} cannot be read.", f"Send {FORMATS}.")


def stem_and_suffix(name: str) -> tuple[str, str]:
    """Split a file name, without its folders, into stem and lower-case suffix."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.stem, path.suffix.casefold()
