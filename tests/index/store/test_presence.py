"""A process among others, and how it leaves them."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import make_url, text

from index.store.ledger.database import Database
from index.store.ledger.members import Members
from index.store.presence import LEAVING, Presence
from tests.support.proxy import proxy_to


@pytest.mark.parametrize("fault", ["none", "deaf", "gone"])
def test_a_process_can_end_whatever_becomes_of_the_database(fault: str, shared_url: str) -> None:
    with proxy_to(make_url(shared_url).port or 5432) as proxy:
        url = make_url(shared_url).set(port=proxy.port).render_as_string(hide_password=False)
        database = Database.at(url)
        presence = Presence(Members(database))
        proxy.fault = fault  # type: ignore[assignment]
        began = time.monotonic()
        presence.leave()
        assert time.monotonic() - began < LEAVING + 1
    others = Database.at(shared_url)
    with others.reading() as connection:
        there = "SELECT count(*) FROM members WHERE token = :token"
        left = connection.execute(text(there), {"token": presence.token}).scalar_one() == 0
    others.close()
    assert left == (fault == "none"), "what cannot be told is noticed by the others"
