"""Scheduled jobs that one of several processes runs, on each database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from index.storage.db.ledger import Ledger

pytestmark = pytest.mark.databases

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(7)


def test_only_one_of_many_concurrent_processes_claims_a_job(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: ledger.claims.claim("digest", WEEK, MONDAY), range(8)))
    assert sum(claim is not None for claim in taken) == 1
