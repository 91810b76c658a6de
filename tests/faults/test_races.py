"""Several processes use one data directory; leases are stale or have wrong timestamps."""

import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from index.build.reindex import SourceContent, reindex
from index.errors import StoreBusy
from index.storage import Store
from index.storage.db.database import Database
from index.storage.db.schema import lease
from tests.faults import processes
from tests.faults.asking import mixture
from tests.faults.content import FILES, QuickToy, entries_of, first_state, write
from tests.faults.homes import Home
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

MAX_REFUSAL_S = 2.0
HOUR_S = 3_600.0

pytestmark = [pytest.mark.children, pytest.mark.databases("slow")]


@pytest.fixture
def store(harbour_store: Store) -> Store:
    """Yield a store with the harbour index."""
    return harbour_store


def reindex_changed(store: Store) -> str:
    """Reindex with one changed entry; return the new generation."""
    entries = [replace(harbour()[0], example="It was lost."), *harbour()[1:]]
    return reindex(store, SourceContent(entries), ToyEmbedder()).generation


def add_lease(store: Store, heartbeat: float) -> None:
    """Add a lease with the given heartbeat, held by a process on another machine."""
    with Home(store.directory, store.database).ledger() as ledger:
        ledger.execute(
            insert(lease).values(
                name="reindex",
                token="token",
                holder="U1 (process 7 on far)",
                directory="far:/data",
                taken=heartbeat,
                heartbeat=heartbeat,
                phase="",
                done=0,
                total=0,
                cancelled=False,
            )
        )


@pytest.mark.slow
def test_second_reindex_is_refused_at_once_and_both_processes_keep_reading(
    home: Home, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    store, toy = home.store(), QuickToy()
    reindex(store, SourceContent(entries_of((1,) * FILES)), toy)
    write(sources, (2,) * FILES)
    first = processes.start("reindexing", *home.arguments, sources)
    assert any(line.startswith("embedding") for line in first.lines)
    began = time.monotonic()
    with pytest.raises(StoreBusy) as refused:
        reindex(store, SourceContent(entries_of(first_state())), toy)
    assert time.monotonic() - began < MAX_REFUSAL_S
    assert refused.value.message == (
        f"The index is already being built by the test (process {first.process.pid} "
        f"on {socket.gethostname()})."
    )
    answers = 0
    while first.process.poll() is None:
        with store.reading() as generation:
            assert not mixture(generation, toy)
        answers += 1
    said, trouble = first.process.communicate()
    assert first.process.returncode == 0, said + trouble
    assert answers > 1
    store.refresh()
    with store.reading() as generation:
        assert generation.id == "g000002"
        assert not mixture(generation, toy)
    assert reindex(store, SourceContent(entries_of((3,) * FILES)), toy).generation == "g000003"
    store.close()


def test_live_lease_of_another_machine_is_respected(store: Store) -> None:
    add_lease(store, time.time())
    with pytest.raises(StoreBusy, match=r"by U1 \(process 7 on far\)"):
        reindex_changed(store)
    assert store.current().id == "g000001"


def test_stale_lease_of_another_machine_is_taken_over(store: Store) -> None:
    add_lease(store, time.time() - 60)
    assert reindex_changed(store) == "g000002"
    assert store.ledger.lease.building() is None


def test_lease_from_the_future_is_taken_over(store: Store) -> None:
    add_lease(store, time.time() + HOUR_S)
    assert store.ledger.lease.building() is None
    assert reindex_changed(store) == "g000002"


def test_reindex_continues_when_the_clock_is_set_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, now = Database.clock, time.time
    with store.writing("a reindex that began before") as beat:
        monkeypatch.setattr(Database, "clock", lambda self, at: clock(self, at) - HOUR_S)
        monkeypatch.setattr(time, "time", lambda: now() - HOUR_S)
        beat._beat()
        beat.report("", 0, 0)
        building = store.ledger.lease.building()
        assert building is not None
        entries = [replace(harbour()[0], example="It was lost."), *harbour()[1:]]
        done = reindex(store, SourceContent(entries), ToyEmbedder())
    assert done.generation == store.current().id == "g000002"
    first, second = reversed(store.ledger.generations.all())
    assert second.built < first.built  # by the clock; the names define the order
    assert Home(store.directory, store.database).store().current().id == "g000002"
