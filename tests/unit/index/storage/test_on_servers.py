"""Processes on several machines share a Chroma server and PostgreSQL; all read the same builds."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from index.errors import NearsayError, NotFound, VectorStoreUnavailable
from index.indexing.reindex import SourceContent, reindex
from index.search.define import define
from index.search.near import near
from index.storage import Store
from index.storage.chroma.remote import RemoteClient, delete_collections
from index.storage.chroma.server import (
    QUERY_TIMEOUT_S,
    ChromaServer,
    Collection,
    is_ours,
    new_collection,
)
from index.storage.chroma.vector_index import VectorIndex
from index.storage.db.processes import READ_EXPIRY_S
from tests.support.chroma_server import Chroma
from tests.support.entries import harbour
from tests.support.proxy import Proxy
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

TOY = ToyEmbedder()
SEEN_WITHIN_S = 2.0

Machine = Callable[..., Store]


@pytest.fixture
def machine(chroma: Chroma, shared_url: str, tmp_path: Path) -> Iterator[Machine]:
    """A function that opens the store of a machine by name; each has its own data directory."""
    stores: list[Store] = []

    def on(name: str, url: str = "") -> Store:
        store = open_store(tmp_path / name, shared_url, ChromaServer(url or chroma.url))
        stores.append(store)
        return store

    yield on
    for store in stores:
        store.close()


def first_term(store: Store) -> str:
    with store.reading() as generation:
        return near(generation, TOY, "thick rope", 3).neighbours[0].term


def is_open(store: Store, name: str) -> bool:
    """Whether a store has opened that generation, without making it look."""
    return store._open is not None and store._open.generation.id == name


def collections(store: Store, ledger: str = "") -> list[str]:
    """The collections of the store's ledger, or of another one."""
    assert store.server is not None
    with closing(RemoteClient(store.server, QUERY_TIMEOUT_S)) as client:
        ours = ledger or store.ledger.identity
        return [name for name in client.names() if is_ours(name, ours)]


def build(store: Store, count: int = 12) -> str:
    return reindex(store, SourceContent(harbour()[:count]), TOY).generation


def until(holds: Callable[[], object], seconds: float = 20) -> float:
    """Wait until `holds` is true, and return the seconds waited."""
    began = time.monotonic()
    while True:
        try:
            if holds():
                return time.monotonic() - began
        except NearsayError:
            pass
        assert time.monotonic() - began < seconds
        time.sleep(0.02)


def test_other_machines_read_a_new_build_within_two_seconds(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = machine("first"), machine("second")
    build(first)
    assert first_term(second) == "Hawser"
    name = build(first, 11)
    assert until(lambda: second.current().id == name) < SEEN_WITHIN_S, "each query checks for it"
    second.watch()
    name = build(first, 10)
    assert until(partial(is_open, second, name)) < SEEN_WITHIN_S
    monkeypatch.setattr("index.storage.cluster.SWITCH_TIMEOUT_S", 20)  # for a busy machine
    name = build(first, 9)
    assert is_open(second, name), "a build waits for the other processes"
    assert first_term(second) == "Hawser"
    assert not (second.folders.of(name) / "chroma").exists(), "the vectors are on the server"


@pytest.mark.slow
def test_a_generation_read_only_by_a_dead_process_is_removed(
    machine: Machine, shared_url: str
) -> None:
    first, second = machine("first"), machine("second")
    build(first)
    with second.reading():
        member = second.membership()
        member._stopped.set()  # as if it hangs
        member._thread.join()
        engine = create_engine(shared_url)
        with engine.begin() as connection:
            long_ago = {"seconds": READ_EXPIRY_S + 1, "token": member.token}
            connection.execute(
                text("UPDATE members SET heartbeat = heartbeat - :seconds WHERE token = :token"),
                long_ago,
            )
        engine.dispose()
        for count in (11, 10, 9):
            build(first, count)
        assert first.ledger.generations.get("g000001").state == "removed"
        with pytest.raises(NotFound):
            first.ledger.members.hold(member.token, "g000001")


def test_vectors_lost_by_the_server_are_rebuilt_once(machine: Machine) -> None:
    first, second = machine("first"), machine("second")
    build(first)
    for store in (first, second):
        first_term(store)
        store.watch()
    before = TOY.embedded
    assert first.server is not None
    delete_collections(first.server, first.ledger.identity, ())
    until(lambda: first_term(first) == first_term(second) == "Hawser")
    assert len(collections(first)) == 1
    assert TOY.embedded == before, "nothing is embedded again"
    assert first.current().id == "g000001"


def test_damaged_files_are_fetched_from_the_ledger(machine: Machine) -> None:
    first = machine("first")
    build(first)
    first.close()
    there = collections(first)
    (first.folders.of("g000001") / "entries.jsonl").write_text("nothing", encoding="utf-8")
    assert first_term(first) == "Hawser"
    assert collections(first) == there, "the collections are reused"


def test_entries_are_shown_and_queries_fail_in_time_while_the_server_is_down(
    machine: Machine, proxy: Proxy
) -> None:
    build(machine("first"))
    proxy.fault = "gone"
    store = machine("second", f"http://127.0.0.1:{proxy.port}")
    with store.reading() as generation:
        began = time.monotonic()
        with pytest.raises(VectorStoreUnavailable):
            near(generation, TOY, "thick rope", 3)
        assert time.monotonic() - began < 5
        assert len(define(generation, TOY, "hawser").neighbours) == 5
    with pytest.raises(VectorStoreUnavailable):
        build(store, 6)
    assert store.current().id == "g000001"
    proxy.fault = "none"
    until(lambda: first_term(store) == "Hawser", 5)


def test_collections_of_a_killed_build_are_removed(machine: Machine) -> None:
    store = machine("first")
    build(store)
    assert store.server is not None
    left = Collection(store.server, new_collection(store.ledger.identity, "g000002"))
    theirs = Collection(store.server, new_collection("ffffffff", "g000002"))
    for collection in (left, theirs):
        VectorIndex.create(collection).close()
    build(store, 11)
    assert left.name not in collections(store)
    assert theirs.name in collections(store, "ffffffff")


def test_an_index_can_be_moved_to_a_server_and_back(
    chroma: Chroma, shared_url: str, tmp_path: Path
) -> None:
    alone = open_store(tmp_path / "one", shared_url)
    reindex(alone, SourceContent(harbour()), TOY)
    alone.close()
    before = TOY.embedded
    served = open_store(tmp_path / "one", shared_url, ChromaServer(chroma.url))
    assert first_term(served) == "Hawser"
    assert reindex(served, SourceContent(harbour()), TOY).generation == "g000002"
    assert first_term(served) == "Hawser"
    assert len(collections(served)) == 1
    served.close()
    back = open_store(tmp_path / "one", shared_url)
    with pytest.raises(VectorStoreUnavailable, match="CHROMA_URL is not set"):
        first_term(back)
    assert reindex(back, SourceContent(harbour()), TOY).generation == "g000003"
    assert first_term(back) == "Hawser"
    assert TOY.embedded == before
    back.close()


def test_without_a_server_no_files_are_stored_in_the_ledger(
    shared_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(tmp_path / "one", shared_url)
    name = build(store)
    assert store.ledger.generation_files.fetch(name, tmp_path / "fetched") == 0
    store.close()
    shutil.rmtree(store.folders.root)
    assert first_term(store) == "Hawser", "the files are rebuilt from the ledger"
    assert "in the ledger are damaged" not in caplog.text
    store.close()


def test_a_single_machine_with_sqlite_can_use_a_server(chroma: Chroma, tmp_path: Path) -> None:
    store = open_store(tmp_path / "one", "", ChromaServer(chroma.url))
    build(store)
    assert first_term(store) == "Hawser"
    assert len(collections(store)) == 1
    store.close()
    shutil.rmtree(store.folders.root)
    assert first_term(store) == "Hawser", "the files are rebuilt from the ledger"
    store.close()
