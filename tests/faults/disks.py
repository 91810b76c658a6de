"""Run programs on a small separate disk, which they may fill or write-protect.

The disk is a tmpfs in the program's mount namespace. It needs no privileges where Linux allows user
namespaces, and disappears with the program.
"""

import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

_MOUNTED = 'mount -t tmpfs -o size="$1"m tmpfs "$2" && shift 2 && exec "$@"'
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_SPACES = ("unshare", "--map-root-user", "--mount")
_BOUND = ("setpriv", "--bounding-set=-dac_override")  # file permissions limit root, too


def skip_without_disks(folder: Path) -> None:
    """Skip the test if no disk can be mounted."""
    for program in (_SPACES[0], _BOUND[0]):
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")
    tried = subprocess.run(on_disk(folder, 1, "true"), capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"needs to mount a tmpfs: {tried.stderr.strip()}")


def on_disk(folder: Path, megabytes: int, *command: str) -> list[str]:
    """Return a command line that runs `command` with an empty disk of `megabytes` at `folder`."""
    return [*_SPACES, "sh", "-c", _MOUNTED, "sh", str(megabytes), str(folder), *_BOUND, *command]


def fill(folder: Path, room: int) -> Path:
    """Fill the disk except for `room` bytes; return the file that fills it."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65_536)
        except OSError:
            pass
        file.truncate(max(0, file.tell() - room))
    return filler


def protect(folder: Path) -> None:
    """Remove write permission from everything in the folder."""
    _change(folder, lambda mode: mode & ~_WRITABLE)


def unprotect(folder: Path) -> None:
    """Restore write permission to everything in the folder."""
    _change(folder, lambda mode: mode | stat.S_IWUSR)


def _change(folder: Path, mode: Callable[[int], int]) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(mode(path.stat().st_mode))
