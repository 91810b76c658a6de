"""Check the installed versions, file permissions and the disk."""

import platform
import shlex
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.file_modes import is_open_to_others
from bot.replies.base import Check

ROOM = 2 * 1024**3  # bytes: a converted model and a few generations of a large index
# Packages that answers depend on or that connect to other services.
PACKAGES = ("nearsay", "chromadb", "sentence-transformers", "torch", "slack-bolt", "sqlalchemy")
OPTIONAL = ("openvino", "psycopg")  # a faster model runtime; PostgreSQL


def version_checks() -> Iterator[Check]:
    """Report the versions of Python, SQLite and the main packages."""
    found = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    found |= {name: version(name) for name in PACKAGES}
    for name in OPTIONAL:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    yield Check("versions", "ok", ", ".join(f"{name} {number}" for name, number in found.items()))


def open_to_others(path: Path) -> tuple[str, str]:
    """Return the error message and the fix for a path that other users can access."""
    mode = stat.S_IMODE(path.stat().st_mode)
    return (
        f"Other users of this machine have access to {path} (mode {mode:o}).",
        f"Run: chmod -R go-rwx {shlex.quote(str(path))}",
    )


def env_file_checks(file: Path) -> Iterator[Check]:
    """Check that other users cannot read the settings file, which contains secrets."""
    if file.is_file() and is_open_to_others(file):
        yield Check("settings", "error", *open_to_others(file.absolute()))


def data_directory_checks(directory: Path) -> Iterator[Check]:
    cure = "Fix its permissions, or set NEARSAY_DATA_DIR to another folder."
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        yield Check(
            "data directory", "error", f"{directory} cannot be written: {error.strerror}.", cure
        )
        return
    if existing == directory and is_open_to_others(directory):
        yield Check("data directory", "error", *open_to_others(directory))
    free = shutil.disk_usage(existing).free
    if free < ROOM:
        yield Check(
            "data directory",
            "warning",
            f"{directory} has {free / 1024**3:.1f} GiB left.",
            "Free some space, or set NEARSAY_DATA_DIR to a folder on a larger disk.",
        )
    else:
        yield Check("data directory", "ok", f"{directory}, {free / 1024**3:.0f} GiB free")
