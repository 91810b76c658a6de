"""Glossaries that were sent to the bot: each lies in a folder of its own, `imports/NAME/ID/FILE`,
from when it was sent on. It becomes the source NAME when it is applied, by its path alone, so that
going back to an earlier generation finds the file that this was built from.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.errors import LedgerError, NotFound
from index.sources.source import slug
from index.sources.suffixes import SUFFIXES

LARGEST = 10 * 1024 * 1024  # bytes of a file
KEPT = 7 * 86_400  # seconds that a file waits for somebody to decide
LONGEST_NAME = 60  # characters of a name that is made of a file's
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: its id, and where it lies."""

    id: str
    path: Path


class Uploads:
    """The uploads of one data directory. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Keeps them in `folder`."""
        self._folder = folder

    def keep(self, name: str, content: bytes, upload: str = "") -> Upload:
        """Keeps a file under a name of its own making, with the id `upload` (16 hexadecimal digits;
        one at random when it is not given). Raises `NotFound` for one of a kind that is not read,
        `LedgerError` when it cannot be written."""
        stem, suffix = stem_and_suffix(name)
        if suffix not in SUFFIXES:
            raise NotFound(
                f'A file such as "{name[:80]}" is not read.',
                f"Those that are end in {', '.join(sorted(SUFFIXES))}.",
            )
        upload, source = upload or secrets.token_hex(8), slug(stem)[:LONGEST_NAME]
        path = self._folder / source / upload / f"{source}{suffix}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise LedgerError(
                f"The file cannot be kept: {error.strerror or error}.",
                "Free some space, or mend the permissions of the data directory.",
            ) from error
        return Upload(upload, path)

    def get(self, upload: str) -> Upload:
        """The file with that id. Raises `NotFound` for one that is not there any more."""
        for path in self._folder.glob(f"*/{upload}/*") if _ID.fullmatch(upload) else ():
            return Upload(upload, path)
        raise NotFound(
            "That file is not here any more: its import was cancelled, or it waited too long.",
            "Send it again to import it.",
        )

    def is_within(self, path: Path) -> bool:
        """Whether a file was sent to the bot."""
        return path.is_relative_to(self._folder)

    def remove(self, upload: Upload) -> None:
        """Forgets a file."""
        shutil.rmtree(upload.path.parent, ignore_errors=True)
        with suppress(OSError):
            upload.path.parent.parent.rmdir()  # unless there are others of that name

    def make_room(self, used: Collection[Path]) -> None:
        """Forgets the files that have waited too long and are not `used`."""
        for path in self._folder.glob("*/*/*"):
            with suppress(OSError):
                if path not in used and time.time() - path.stat().st_mtime > KEPT:
                    self.remove(Upload(path.parent.name, path))


def stem_and_suffix(name: str) -> tuple[str, str]:
    """A file's name without its folders, in two parts; the second in small letters."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.stem, path.suffix.casefold()
