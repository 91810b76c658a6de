"""`nearsay backup`: write the data directory to one file while the bot serves."""

import gzip
import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
import zlib
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bot.admin.imports import FOLDER
from bot.backup.archive import DATABASES, MANIFEST, BackupError, BackupManifest, is_whole
from bot.config import Settings
from index.fsync import replace
from index.progress import Progress, no_progress
from index.storage.db.database import FILE
from index.storage.db.ledger import Ledger

LOCK_TIMEOUT_S = 30.0
CHUNK = 1024**2  # bytes per read
COMPRESSION = 6  # gzip level, 1 to 9; vectors hardly compress


def back_up(
    settings: Settings,
    target: Path,
    *,
    overwrite: bool = False,
    progress: Progress = no_progress,
) -> Path:
    """Write a backup of the data directory to the file `target`; return its path.

    If `target` is a folder, the file is created in it, and its name contains the time. Only the
    owner can read the file, since it contains users' questions. No incomplete file is left behind;
    the file was read back, and is on the disk when this function returns.

    Raises `BackupError` when the file exists (without `overwrite`) or cannot be written, or there
    is nothing to back up; `LedgerError` when the ledger cannot be read.
    """
    now = datetime.now(UTC)
    if not (target.exists() or target.name.endswith((".tar.gz", ".tgz"))):
        raise BackupError(f"There is no folder {target}.", "Make it, or name a .tar.gz file.")
    if target.is_dir():
        target /= f"nearsay-{now:%Y%m%d-%H%M%S}.tar.gz"
    if target.exists() and not overwrite:
        raise BackupError(f"{target} already exists.", "Name another file, or add --overwrite.")
    try:
        with tempfile.TemporaryDirectory(prefix=".nearsay-backup-", dir=target.parent) as folder:
            staged = Path(folder) / "data"
            staged.mkdir()
            _stage(settings, staged, progress)
            manifest = BackupManifest(
                made=now.isoformat(timespec="seconds"),
                nearsay=version("nearsay"),
                ledger=(Ledger.version(staged) or "") if (staged / FILE).exists() else "",
                directory=str(settings.data_dir.absolute()),
            )
            made = Path(folder) / "made.tar.gz"
            _pack(made, staged, manifest, progress)
            _read_back(made, staged)
            replace(made, target)
    except OSError as error:
        raise BackupError(
            f"The backup {target} cannot be written: {error.strerror or error}.",
            "Free some space, fix the permissions of the folder, or name another file.",
        ) from error
    return target


def _stage(settings: Settings, staged: Path, tell: Progress) -> None:
    directory = settings.data_dir
    wanted = [name for name in DATABASES if (directory / name).exists()]
    if settings.database:
        wanted = [name for name in wanted if name != FILE]
    elif FILE not in wanted:
        raise BackupError(
            f"There is nothing to back up: {directory} holds no ledger.",
            "Set NEARSAY_DATA_DIR to the bot's data directory, or build the index: nearsay index",
        )
    for done, name in enumerate(wanted, start=1):
        _copy_database(directory / name, staged / name)
        tell("copying databases", done, len(wanted))
    if (directory / FOLDER).is_dir():
        shutil.copytree(directory / FOLDER, staged / FOLDER, ignore=_skipped_names)


def _copy_database(file: Path, copy: Path) -> None:
    """Copy a SQLite database consistently while other processes write to it."""
    try:
        with (
            closing(sqlite3.connect(file, timeout=LOCK_TIMEOUT_S)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            # Keep the copy in one file, without a write-ahead log.
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(
            f"{file} cannot be read: {error}.",
            "Run `nearsay doctor` for details.",
        ) from error


def _skipped_names(folder: str, names: list[str]) -> list[str]:
    paths = {name: Path(folder) / name for name in names}
    return [name for name, path in paths.items() if path.is_symlink() or not path.exists()]


def _pack(file: Path, staged: Path, manifest: BackupManifest, tell: Progress) -> None:
    paths = sorted(path for path in staged.rglob("*") if path.is_file())
    with (
        open(file, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream,
        tarfile.open(fileobj=stream, mode="w:gz", compresslevel=COMPRESSION) as archive,
    ):
        said = manifest.to_json()
        archive.addfile(_tar_info(MANIFEST, len(said)), io.BytesIO(said))
        for done, path in enumerate(paths, start=1):
            with path.open("rb") as content:
                name = path.relative_to(staged).as_posix()
                archive.addfile(_tar_info(name, path.stat().st_size), content)
            tell("packing files", done, len(paths))


def _read_back(file: Path, staged: Path) -> None:
    """Raise `BackupError` unless a backup has the files in `staged`, with undamaged databases."""
    try:
        with tarfile.open(file) as archive:
            packed = {
                staged / info.name: _is_same(archive, info, staged / info.name)
                for info in archive
                if info.name != MANIFEST
            }
        same = packed.keys() == set(filter(Path.is_file, staged.rglob("*")))
        same = same and all(packed.values())
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile):
        same = False
    if not same:
        raise BackupError(
            "The backup was written, but it reads back differently. It was not kept.",
            "Check the disk and the memory of this machine, and make the backup on another disk.",
        )
    for database in staged.glob("*.sqlite3"):
        if not is_whole(database):
            raise BackupError(
                f"{database.name} is damaged, so a backup of it could not be restored.",
                "Run `nearsay doctor`. To save what is left, copy the data directory itself.",
            )


def _is_same(archive: tarfile.TarFile, info: tarfile.TarInfo, path: Path) -> bool:
    packed = archive.extractfile(info)
    if packed is None or not path.is_file() or info.size != path.stat().st_size:
        return False
    with path.open("rb") as content:
        while part := content.read(CHUNK):
            if packed.read(CHUNK) != part:
                return False
    return True


def _tar_info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(time.time())
    return info
