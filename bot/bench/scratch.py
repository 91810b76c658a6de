"""The temporary folder that a measurement works in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import StoreError


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder that is gone in the end; raises `StoreError` when it cannot be used."""
    try:
        with tempfile.TemporaryDirectory(prefix="nearsay-bench-") as folder:
            yield Path(folder)
    except OSError as error:
        raise StoreError(
            f"The temporary folder {tempfile.gettempdir()} cannot be used: "
            f"{error.strerror or error}.",
            "Free some space there, or set TMPDIR to another folder.",
        ) from error
