"""Delete exports and maps from the data directory once they have expired."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

EXPORTS, MAPS = "exports", "maps"  # folders in the data directory
LIFETIMES_S = {f"{EXPORTS}/*": 3_600, f"{MAPS}/map-*.png": 86_400}


def delete_expired(directory: Path) -> None:
    """Delete the expired files from the data directory; skips files that cannot be deleted."""
    for pattern, lifetime in LIFETIMES_S.items():
        for path in directory.glob(pattern):
            with suppress(OSError):
                expired = time.time() - path.stat().st_mtime > lifetime
                if expired and path.is_dir():
                    shutil.rmtree(path)
                elif expired:
                    path.unlink()
