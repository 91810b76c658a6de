"""A data directory to be damaged or squeezed in copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.reindex import Content, reindex
from index.store import Store
from tests.faults.content import FILES, QuickToy, entries_of


@pytest.fixture(scope="session")
def two_generations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of two generations, whose entries carry 1 and 2."""
    directory = tmp_path_factory.mktemp("whole")
    store = Store(directory)
    for number in (1, 2):
        reindex(store, Content(entries_of((number,) * FILES)), QuickToy())
    store.close()
    return directory
