"""A read-only index of the harbour."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.storage import Generation, Store


@pytest.fixture(scope="session")
def generation(
    harbour_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generation]:
    """The harbour, for tests that change nothing."""
    directory = tmp_path_factory.mktemp("read-only") / "data"
    shutil.copytree(harbour_directory, directory)
    store = Store(directory)
    with store.reading() as generation:
        yield generation
    store.close()
