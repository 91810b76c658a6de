"""The audit log as a CSV file."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from bot.admin.exports import LOG_FIELDS, export_log
from index.storage.db.audit import AuditRecord

MOMENT = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
RECORDS = [
    AuditRecord(MOMENT, '=HYPERLINK("x") (U1)', "reindex", "refused", "not an admin", None),
    AuditRecord(MOMENT, "ada (U2)", 'add "A",\nB', "done", "-1", "g000002"),
]


def test_csv_export_has_every_field_and_contains_no_formula(tmp_path: Path) -> None:
    done = export_log(RECORDS, "csv", tmp_path)
    assert (done.what, done.entries, done.form) == ("records", 2, "csv")
    with Path(done.path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == LOG_FIELDS
    assert rows[0]["who"] == '\'=HYPERLINK("x") (U1)'
    assert rows[0]["at"] == "2026-11-24T19:30:00+00:00"
    assert (rows[1]["action"], rows[1]["detail"]) == ('add "A",\nB', "'-1")
