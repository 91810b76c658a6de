"""The generation that a store reads: after switches, with concurrent stores, and after damage."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import LedgerError, StoreError
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from tests.support.entries import harbour
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder
from tests.support.waiting import wait_until

pytestmark = pytest.mark.databases("slow")


def another(store: Store, toy: ToyEmbedder, text: str = "Changed.") -> None:
    """Reindex with one changed entry."""
    reindex(store, SourceContent([replace(harbour()[0], example=text), *harbour()[1:]]), toy)


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every store that a test opens, so that no heartbeat continues."""
    made: list[Store] = []
    make = Store.__init__

    def noted(self: Store, *arguments: Any, **options: Any) -> None:
        make(self, *arguments, **options)
        made.append(self)

    monkeypatch.setattr(Store, "__init__", noted)
    yield
    for store in made:
        store.close()


def test_a_reindex_is_noticed_in_the_background(
    harbour_store: Store, toy: ToyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.store.LOOK", 0.05)
    assert harbour_store.current().id == "g000001"
    another(open_store(harbour_store.directory, harbour_store.database), toy)
    wait_until(lambda: harbour_store.current().id == "g000002")


def test_files_of_a_killed_build_are_removed_at_the_next_start(harbour_store: Store) -> None:
    root = harbour_store.folders.root
    for name in ("g000002.1234abcd.building", "g000001.1234abcd.removing", "g000007"):
        shutil.copytree(root / "g000001", root / name)
    harbour_store.ledger.generations.begin("one that was killed")
    assert open_store(harbour_store.directory, harbour_store.database).current().id == "g000001"
    assert [path.name for path in root.iterdir()] == ["g000001"]
    assert [record.name for record in harbour_store.ledger.generations.all()] == ["g000001"]


def test_files_of_a_running_build_are_kept(harbour_store: Store) -> None:
    with harbour_store.writing("the first"), harbour_store.folders.scratch("g000002") as scratch:
        assert open_store(harbour_store.directory, harbour_store.database).current().id == "g000001"
        assert scratch.is_dir()


@pytest.mark.parametrize("file", ["entries.jsonl", "chroma", ""])
def test_a_damaged_generation_is_restored_from_the_ledger(harbour_store: Store, file: str) -> None:
    folder = harbour_store.current().folder
    before = list(harbour_store.current().entries.values())
    harbour_store.close()
    target = folder / file
    shutil.rmtree(target) if target.is_dir() else target.write_text("{")
    store = open_store(harbour_store.directory, harbour_store.database)
    generation = store.current()
    assert generation.id == "g000001"
    assert list(generation.entries.values()) == before
    assert len(generation.vectors) == generation.manifest.passages
    assert "g000001 was damaged" in store.troubles[0]
    assert "rebuilt" in store.ledger.generations.get("g000001").note
    assert open_store(harbour_store.directory, harbour_store.database).current().id == "g000001"


def test_the_holder_of_the_write_lock_restores_a_damaged_generation(harbour_store: Store) -> None:
    harbour_store.close()
    (harbour_store.folders.of("g000001") / "entries.jsonl").write_text("{")
    store = open_store(harbour_store.directory, harbour_store.database)
    with store.writing("the first"):
        assert store.current().id == "g000001"
        assert "rebuilt from the ledger" in store.troubles[0]
        assert store.ledger.lease.building() is not None
    assert store.ledger.lease.building() is None
    store.close()


def test_a_store_waits_while_another_restores_a_generation(
    harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.opening.AGAIN", 0.05)
    harbour_store.close()
    shutil.rmtree(harbour_store.folders.of("g000001"))
    stores = [open_store(harbour_store.directory, harbour_store.database) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda store: store.current().id, stores))
    assert found == ["g000001"] * 3
    for store in stores:
        store.close()


def test_the_open_index_stays_in_use_while_the_ledger_is_unreachable(
    harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.store.LOOK", 0.05)
    assert harbour_store.current().id == "g000001"
    harbour_store.watch()

    def unreachable() -> None:
        raise LedgerError("The ledger is locked by another process.", "")

    with monkeypatch.context() as patched:
        patched.setattr(harbour_store.ledger.generations, "pointer", unreachable)
        wait_until(lambda: harbour_store.troubles)
        assert harbour_store.current().id == "g000001"
        assert harbour_store.troubles == (
            "The ledger is locked by another process. The open index stays in use.",
        )
    wait_until(lambda: not harbour_store.troubles)


def test_a_directory_that_cannot_be_created_raises_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written") as raised:
        reindex(open_store(tmp_path / "file" / "data"), SourceContent(harbour()), ToyEmbedder())
    assert "NEARSAY_DATA_DIR" in raised.value.hint
