"""Several processes use one data directory; leases are stale or have wrong timestamps."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import insert

from index.errors import StoreBusy
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from index.storage.db.database import Database
from index.storage.db.schema import lease
from tests.faults.homes import Home
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder
from tests.support.waiting import wait_until

HOUR_S = 3_600.0

pytestmark = [pytest.mark.children, pytest.mark.databases("slow")]


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


def phase_of_the_build(store: Store) -> str:
    building = store.ledger.lease.building()
    return building.phase if building else ""


def test_live_lease_of_another_machine_is_respected(harbour_store: Store) -> None:
    add_lease(harbour_store, time.time())
    with pytest.raises(StoreBusy, match=r"by U1 \(process 7 on far\)"):
        reindex_changed(harbour_store)
    assert harbour_store.current().id == "g000001"


@pytest.mark.parametrize("age", [60, -3_600], ids=["stale", "from the future"])
def test_lease_with_an_impossible_heartbeat_is_taken_over(harbour_store: Store, age: float) -> None:
    add_lease(harbour_store, time.time() - age)
    assert harbour_store.ledger.lease.building() is None
    assert reindex_changed(harbour_store) == "g000002"
    assert harbour_store.ledger.lease.building() is None


def test_reindex_continues_when_the_clock_is_set_back(
    harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, now = Database.clock, time.time
    monkeypatch.setattr("index.storage.db.lease.HEARTBEAT_S", 0.01)
    with harbour_store.writing("a reindex that began before") as beat:
        monkeypatch.setattr(Database, "clock", lambda self, at: clock(self, at) - HOUR_S)
        monkeypatch.setattr(time, "time", lambda: now() - HOUR_S)
        beat.report("written back then", 0, 0)
        wait_until(lambda: phase_of_the_build(harbour_store) == "written back then")
        assert reindex_changed(harbour_store) == harbour_store.current().id == "g000002"
    first, second = reversed(harbour_store.ledger.generations.all())
    assert second.built < first.built  # by the clock; the names define the order
    home = Home(harbour_store.directory, harbour_store.database)
    assert home.store().current().id == "g000002"
