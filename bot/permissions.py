"""Files that only their owner reads: people's questions, and secrets."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

logger = logging.getLogger(__name__)

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def is_open_to_others(path: Path) -> bool:
    """Whether the group or everybody has any permission on `path`; never on Windows, which has
    no such permissions. Raises `OSError` where there is no such file."""
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)


def make_private(folder: Path) -> None:
    """Set the mode of a folder of ours that others have permissions on to 0700, and log it."""
    try:
        if is_open_to_others(folder) and folder.stat().st_uid == os.geteuid():
            folder.chmod(stat.S_IRWXU)
            logger.warning("other users had access to %s: its mode is now 700", folder)
    except OSError as error:
        logger.warning("the mode of %s cannot be set: %s", folder, error.strerror)
