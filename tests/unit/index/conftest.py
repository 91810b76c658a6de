"""Provide a read-only index of the harbour entries."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.storage import Generation, Store


@pytest.fixture(scope="session")
def generation(
    harbour_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generation]:
    """Yield a generation with the harbour entries, for tests that do not change it."""
    directory = tmp_path_factory.mktemp("read-only") / "data"
    shutil.copytree(harbour_directory, directory)
    store = Store(directory)
    with store.reading() as generation:
        yield generation
    store.close()
