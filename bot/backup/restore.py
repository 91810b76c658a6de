"""`nearsay restore`: restore a backup to the data directory.

The file may be damaged or malicious: it is checked completely before it replaces anything.
"""

import gzip
import shutil
import tarfile
import tempfile
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.admin.imports import FOLDER
from bot.backup.archive import MANIFEST, BackupError, BackupManifest, is_backup_member, is_whole
from bot.config import Settings
from index.errors import IndexOutdated
from index.fsync import replace, sync
from index.indexing.recovery import restore as restore_generation
from index.progress import Progress, no_progress
from index.storage import Store
from index.storage.db.database import FILE
from index.storage.db.migrate import NEWEST
from index.storage.db.oldest import require_supported
from index.storage.directories import Folders

MAX_MANIFEST = 16 * 1024**2  # bytes
CHUNK = 1024**2  # bytes per read
MAX_READ = 64 * 1024**2  # bytes that the tar reader may request at once
_HINT = "Name a file written by `nearsay backup`."
# Files that a restore leaves in place: they belong to this machine or record its past.
LEFT_IN_PLACE = (
    "nearsay.log*",
    "models",
    "fetching",
    "writing.*",
    "serving.*",
    "replaced-*",
    ".restoring-*",
)


def restore(
    settings: Settings, file: Path, *, force: bool = False, progress: Progress = no_progress
) -> tuple[BackupManifest, Path | None]:
    """Restore a backup to the data directory and build the index from it; nothing is embedded.

    Returns the backup's manifest and, with `force`, the folder to which the previous data was moved
    (None if there was none). Raises `BackupError`, without changing anything, if the file is not a
    complete backup, a process uses the data directory, or it is not empty and `force` is not given.
    """
    directory = settings.data_dir
    try:
        directory.mkdir(parents=True, exist_ok=True)
        sync(directory.parent)
        folders = Folders(directory)
        if folders.in_use():
            raise BackupError(
                f"A running Nearsay uses {directory}.",
                "Stop the service, and every chat in a terminal, then restore.",
            )
        with (
            folders.locked("nearsay, restoring a backup"),
            tempfile.TemporaryDirectory(prefix=".restoring-", dir=directory) as scratch,
        ):
            manifest = _unpack(file, Path(scratch), progress)
            _require_usable(manifest, Path(scratch), settings)
            aside = _put_aside(directory, force=force)
            # The ledger is moved last: without it, the other files are ignored.
            for path in sorted(Path(scratch).iterdir(), key=lambda path: path.name == FILE):
                replace(path, directory / path.name)
        _build(settings, manifest)
    except OSError as error:
        raise BackupError(
            f"The backup cannot be restored into {directory}: {error.strerror or error}.",
            "Free some space, or fix the permissions of the data directory.",
        ) from error
    return manifest, aside


def _unpack(file: Path, scratch: Path, tell: Progress) -> BackupManifest:
    """Unpack a backup to `scratch` and return its manifest; gzip's checksum detects damage."""
    room = shutil.disk_usage(scratch).free
    try:
        with file.open("rb") as start:
            if start.read(2) != b"\x1f\x8b":  # gzip
                raise BackupError(f"{file.name[:80]} is not a Nearsay backup.", _HINT)
        with _BoundedGzip(file) as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            members = iter(archive)
            manifest = _manifest(archive, next(members, None))
            tell("unpacking", 0, 1)
            for info in members:
                room -= info.size
                _require(info, room)
                target = scratch / info.name
                target.parent.mkdir(parents=True, exist_ok=True)
                # `_require` has rejected all but regular files.
                with archive.extractfile(info) as content, target.open("xb") as written:  # type: ignore[union-attr]
                    shutil.copyfileobj(content, written)
            while stream.read(CHUNK):  # the checksum is at the end
                pass
            tell("unpacking", 1, 1)
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {file}.", "Check the name.") from error
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise _damaged(file) from error
    return manifest


def _manifest(archive: tarfile.TarFile, info: tarfile.TarInfo | None) -> BackupManifest:
    content = archive.extractfile(info) if info is not None and info.isreg() else None
    if info is None or content is None or info.name != MANIFEST or info.size > MAX_MANIFEST:
        raise BackupError("The file is not a Nearsay backup.", _HINT)
    return BackupManifest.from_json(content.read(MAX_MANIFEST))


def _require(info: tarfile.TarInfo, room: int) -> None:
    """Raise `BackupError` if a member does not belong in a backup, or exceeds the free space."""
    if not info.isreg() or not is_backup_member(info.name):
        raise BackupError(
            f"The backup contains {info.name[:80]!r}, which is not part of a Nearsay backup.",
            "Restore only files written by `nearsay backup`.",
        )
    if room < 0:
        raise BackupError(
            f"The backup needs {-room / 1024**3:.1f} GiB more disk space.",
            "Free some space, or set NEARSAY_DATA_DIR to a folder on a larger disk.",
        )


def _require_usable(manifest: BackupManifest, scratch: Path, settings: Settings) -> None:
    holds_ledger = (scratch / FILE).exists()
    if holds_ledger and settings.database:
        raise BackupError(
            "The backup contains a ledger, but DATABASE_URL is set.",
            "Unset DATABASE_URL, then restore.",
        )
    if not holds_ledger and not settings.database:
        raise BackupError(
            "The backup contains no ledger: it was in PostgreSQL when the backup was made.",
            "Restore the dump of that database first, and set DATABASE_URL to it.",
        )
    require_supported("of the backup", manifest.ledger or None)
    if manifest.ledger > NEWEST:
        raise BackupError(
            f"The backup was made by a newer version of Nearsay ({manifest.nearsay}, with "
            f"schema {manifest.ledger}; this version supports schemas up to {NEWEST}).",
            "Install that version, then restore.",
        )
    for file in scratch.glob("*.sqlite3"):
        if not is_whole(file):
            raise _damaged(file)


def _put_aside(directory: Path, *, force: bool) -> Path | None:
    """Move the content of the data directory to a subfolder, since the directory may be a mount
    point. Return the subfolder, or None if the directory is empty. Raises `BackupError` if it is
    not empty and `force` is not given."""
    staying = {path for pattern in LEFT_IN_PLACE for path in directory.glob(pattern)}
    there = [path for path in directory.iterdir() if path not in staying]
    there = [path for path in there if not (path.is_dir() and not any(path.iterdir()))]
    if not there:
        return None
    if not force:
        raise BackupError(
            f"The data directory {directory} is not empty.",
            "Set NEARSAY_DATA_DIR to an empty folder, or add --force, which moves the existing "
            "data to a subfolder.",
        )
    aside = directory / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    aside.mkdir()
    for path in sorted(there, key=lambda path: path.name != FILE):
        path.rename(aside / path.name)
    return aside


def _build(settings: Settings, manifest: BackupManifest) -> None:
    """Build the current generation from the ledger, after changing the paths of sources from the
    old data directory to the new one."""
    build = partial(restore_generation, note="")  # files that a backup omits are not damaged
    store = Store(settings.data_dir, settings.database, settings.chroma, restore=build)
    try:
        before, now = Path(manifest.directory), settings.data_dir.absolute()
        if before != now:
            store.ledger.generations.move_sources(str(before / FOLDER), str(now / FOLDER))
        if store.exists:
            with suppress(IndexOutdated):  # the next start rebuilds it
                store.current()
    finally:
        store.close()


def _damaged(file: Path) -> BackupError:
    return BackupError(
        f"The backup is damaged or incomplete: {file.name[:80]} failed its integrity check.",
        "Copy the backup again, or use another one.",
    )


class _BoundedGzip(gzip.GzipFile):
    """A gzip file that rejects reads larger than any genuine backup needs."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= MAX_READ:
            raise tarfile.ReadError("a member requests too many bytes at once")
        return super().read(size)
