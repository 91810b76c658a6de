"""The processes of a cluster: leaving it, and waiting for the others."""

import time
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from index.storage.cluster import LEAVE_TIMEOUT_S, SWITCH_TIMEOUT_S, ClusterMember
from index.storage.db.database import Database
from index.storage.db.generations import Generations
from index.storage.db.ledger import Ledger
from index.storage.db.processes import Members
from tests.support.proxy import proxy_to
from tests.support.waiting import wait_until


@pytest.mark.parametrize("fault", ["none", "deaf", "gone"])
def test_a_process_can_leave_while_the_database_is_unavailable(fault: str, shared_url: str) -> None:
    with proxy_to(make_url(shared_url).port or 5432) as proxy:
        url = make_url(shared_url).set(port=proxy.port).render_as_string(hide_password=False)
        database = Database.at(url)
        member = ClusterMember(Members(database))
        proxy.fault = fault  # type: ignore[assignment]
        began = time.monotonic()
        member.leave()
        assert time.monotonic() - began < LEAVE_TIMEOUT_S + 1
    others = Database.at(shared_url)
    with others.reading() as connection:
        there = "SELECT count(*) FROM members WHERE token = :token"
        left = connection.execute(text(there), {"token": member.token}).scalar_one() == 0
    others.close()
    assert left == (fault == "none"), "the others detect the end by the heartbeat"


def test_a_process_waits_for_the_others_for_a_bounded_time(
    shared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.cluster.SWITCH_TIMEOUT_S", 0.2)
    database = Database.at(shared_url)
    first, second = (Generations(database).begin("somebody") for _ in range(2))
    here, silent = (ClusterMember(Members(database)) for _ in range(2))
    with here.holding(second), silent.holding(first):
        began = time.monotonic()
        here.wait_for_others(second)
        assert 0.2 < time.monotonic() - began < SWITCH_TIMEOUT_S
    for member in (here, silent):
        member.leave()
    database.close()


def test_a_process_that_reads_a_removed_generation_joins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.cluster.HEARTBEAT_S", 0.05)
    ledger = Ledger.open(tmp_path)
    removed, kept = (ledger.generations.begin("somebody") for _ in range(2))
    member = ClusterMember(ledger.members)
    with member.holding(removed), member.holding(kept):
        for _ in range(2):
            ledger.members.leave(member.token)  # as after a long pause
            ledger.generations.forget(removed)
            wait_until(lambda: ledger.members.read_another(removed, but=""))
        member.leave()
    ledger.close()
