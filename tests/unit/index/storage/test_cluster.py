"""The processes of a cluster: leaving it, and waiting for the others."""

import threading
import time
from contextlib import ExitStack

import pytest
from sqlalchemy import make_url, text

from index.storage.cluster import LEAVE_TIMEOUT_S, SWITCH_TIMEOUT_S, ClusterMember
from index.storage.db.database import Database
from index.storage.db.generations import Generations
from index.storage.db.processes import Members
from tests.support.proxy import proxy_to


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
    assert left == (fault == "none"), "without the database the others notice by the heartbeat"


def test_a_process_waits_until_the_others_read_the_same_generation(
    shared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.at(shared_url)
    first, second = (Generations(database).begin("somebody") for _ in range(2))
    here, there, silent = (ClusterMember(Members(database)) for _ in range(3))
    with ExitStack() as before, here.holding(second):
        before.enter_context(there.holding(first))
        waiting = threading.Thread(target=here.wait_for_others, args=(second,))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive(), "the other process reads the old generation"
        with there.holding(second):
            before.close()
            waiting.join(SWITCH_TIMEOUT_S)
            assert not waiting.is_alive()
            monkeypatch.setattr("index.storage.cluster.SWITCH_TIMEOUT_S", 0.2)
            with silent.holding(first):
                began = time.monotonic()
                here.wait_for_others(second)
                assert 0.2 < time.monotonic() - began < SWITCH_TIMEOUT_S, "the wait is bounded"
    for member in (here, there, silent):
        member.leave()
    database.close()
