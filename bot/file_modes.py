"""File permissions for private data: users' questions and secrets."""

import logging
import os
import stat
from pathlib import Path

logger = logging.getLogger(__name__)

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def is_open_to_others(path: Path) -> bool:
    """Return whether the group or others have any permission on `path`; always False on Windows.
    Raises `OSError` when the file does not exist."""
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)


def make_private(folder: Path) -> None:
    """Set a folder's mode to 0700 if this user owns it and others have access; log the change."""
    try:
        if is_open_to_others(folder) and folder.stat().st_uid == os.geteuid():
            folder.chmod(stat.S_IRWXU)
            logger.warning("mode set to 700, other users had access: %s", folder)
    except OSError as error:
        logger.warning("cannot set the mode of %s: %s", folder, error.strerror)
