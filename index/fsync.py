"""Write files and folders to the disk itself, so that they outlive a loss of power."""

import ctypes
import os
from pathlib import Path

_HERE, _SWAP = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


def sync(*paths: Path) -> None:
    """Flush files and folders to the disk. Of a folder, only the names in it are flushed."""
    for path in paths:
        if os.name == "nt" and path.is_dir():
            continue  # Windows cannot open folders, and writes their names itself
        handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sync_tree(path: Path) -> None:
    """Flush a file, or a folder with everything in it."""
    if path.is_dir():
        sync(*path.rglob("*"))
    sync(path)


def replace(made: Path, target: Path) -> None:
    """Move a new file or folder to `target`. After a loss of power, `target` is complete or as it
    was."""
    sync_tree(made)
    made.replace(target)
    sync(target.parent)


def exchange(one: Path, other: Path) -> bool:
    """Swap two files or folders in one step. Return False, and change nothing, where the system or
    the file system cannot."""
    try:
        swap = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):  # not Linux
        return False
    return bool(swap(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _SWAP) == 0)
