"""Index an encyclopedia of three pages about ships; each test gets a copy of both."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.indexing import Indexer, IndexRequest
from index.indexing.reindex import ReindexResult
from index.storage import Store
from tests.support.bundled import replace_bundled
from tests.support.command_line import two_pages, write
from tests.support.toy import ToyEmbedder


@pytest.fixture(scope="package")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the pages in `bundled` and their index, g000001, in `data`."""
    folder = tmp_path_factory.mktemp("ships")
    two_pages(folder)
    write(folder / "bundled", "Sail", "Cloth that catches wind.")
    store = Store(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        replace_bundled(folder / "bundled", patch.setattr)
        done = Indexer(store, ToyEmbedder()).run(IndexRequest(by="operator"))
    assert isinstance(done, ReindexResult)
    store.close()
    return folder


@pytest.fixture
def bundled(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bundled"
    shutil.copytree(base / "bundled", folder)
    replace_bundled(folder, monkeypatch.setattr)
    return folder


@pytest.fixture
def indexer(base: Path, bundled: Path, tmp_path: Path) -> Iterator[Indexer]:
    shutil.copytree(base / "data", tmp_path / "data")
    store = Store(tmp_path / "data")
    yield Indexer(store, ToyEmbedder())
    store.close()
