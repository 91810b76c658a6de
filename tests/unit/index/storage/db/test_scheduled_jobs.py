"""Scheduled jobs that one of several processes runs, on each database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from index.storage.db import Ledger

pytestmark = pytest.mark.databases

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(7)


def test_a_job_is_claimed_once_a_week_at_its_hour(ledger: Ledger) -> None:
    first = ledger.claims.claim("digest", WEEK, MONDAY)
    assert first is not None
    assert first.before is None
    assert ledger.claims.claim("digest", WEEK, MONDAY + timedelta(6, 86_399)) is None
    late = ledger.claims.claim("digest", WEEK, MONDAY + WEEK + timedelta(hours=5))
    assert late is not None
    assert late.before == MONDAY
    assert ledger.claims.claim("digest", WEEK, MONDAY + 2 * WEEK - timedelta(hours=1)) is None
    assert ledger.claims.claim("digest", WEEK, MONDAY + 2 * WEEK) is not None


def test_a_failed_job_can_be_claimed_again(ledger: Ledger) -> None:
    for now in (MONDAY, MONDAY + WEEK):
        claim = ledger.claims.claim("digest", WEEK, now)
        assert claim is not None
        ledger.claims.release(claim)
        again = ledger.claims.claim("digest", WEEK, now)
        assert again == claim
    assert ledger.claims.claim("another", WEEK, MONDAY) is not None


def test_only_one_of_many_concurrent_processes_claims_a_job(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: ledger.claims.claim("digest", WEEK, MONDAY), range(8)))
    assert sum(claim is not None for claim in taken) == 1
