"""The audit log, on each database."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from index.storage.db.audit import MOST_REFUSALS, OTHER_ACTIONS, REFUSALS_PERIOD
from index.storage.db.database import Database
from index.storage.db.ledger import Ledger

pytestmark = pytest.mark.databases


def refuse(ledger: Ledger, action: str, who: str = "cleo (U3)") -> None:
    ledger.audit.note(who, action, "refused", "not an admin", "g000001")


def test_refusals_of_a_user_cannot_bury_the_actions_of_admins(ledger: Ledger) -> None:
    ledger.audit.note("ada (U1)", "reindex", "done", "", "g000001")
    for number in range(300):
        refuse(ledger, f"remove {number}")
        refuse(ledger, "reindex")
    refuse(ledger, "rollback", "ben (U2)")
    records = ledger.audit.last(100)
    refused = {(record.who, record.action): record.times for record in records}
    assert len(records) == MOST_REFUSALS + 2
    assert refused["cleo (U3)", "reindex"] == 300
    assert refused["cleo (U3)", OTHER_ACTIONS] == 300 - (MOST_REFUSALS - 2), "none is uncounted"
    assert refused["ben (U2)", "rollback"] == refused["ada (U1)", "reindex"] == 1
    assert [record.action for record in ledger.audit.last(1, ["done", "failed"])] == ["reindex"]


def test_refusals_of_the_next_hour_have_records_of_their_own(
    ledger: Ledger, database: Database
) -> None:
    refuse(ledger, "reindex")
    with database.writing() as connection:
        seconds = REFUSALS_PERIOD.total_seconds() + 1
        connection.execute(sa.text("UPDATE audit SET at = at - :seconds"), {"seconds": seconds})
    refuse(ledger, "reindex")
    assert [record.times for record in ledger.audit.last(10)] == [1, 1]


def test_old_records_are_deleted(ledger: Ledger) -> None:
    refuse(ledger, "reindex")
    now = datetime.now(UTC)
    assert ledger.audit.forget_older(now - timedelta(hours=1)) == 0
    assert ledger.audit.forget_older(now + timedelta(hours=1)) == 1
    assert ledger.audit.last(10) == []
