"""Migrate the ledger at the terminal, and leave it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from index.storage.db.database import Database
from index.storage.db.migrate import NEWEST
from index.storage.db.schema import members
from tests.support.command_line import Nearsay
from tests.support.server_mode import ServerMode


def test_migrate_reports_whether_tables_changed(nearsay: Nearsay) -> None:
    if ServerMode.active is None:  # server mode has already created the tables
        assert "is now at schema version" in nearsay("migrate").out
    assert nearsay("migrate").out == f"The ledger was already at schema version {NEWEST}.\n"


@pytest.mark.on_files
def test_ledger_downgrade_needs_a_flag_and_can_be_reverted(nearsay: Nearsay, words: Path) -> None:
    assert nearsay("admin", "add", "Mast = A tall pole.").status == 0
    asked = nearsay("migrate", "--to", "0005")
    assert asked.status == 1
    assert "A downgrade from version" in asked.complaint
    assert "0006: The format of each" in asked.complaint
    assert "0008: The Slack delivery" in asked.complaint
    assert "0009: The tokens" in asked.complaint
    assert "nearsay backup" in asked.complaint
    (file,) = words.parent.rglob("ledger.sqlite3")
    with closing(sqlite3.connect(file)) as ledger, ledger:
        ledger.execute("UPDATE generations SET format = 1")  # the value written by 0.1.0
    back = nearsay("migrate", "--to", "0005", "--down")
    assert back.status == 0
    assert "now at schema version 0005." in back.output
    assert "the newest" in nearsay("migrate").out
    assert "A tall pole." in nearsay("say", "/define mast").out


def test_finished_command_deregisters_its_process_at_once(
    nearsay: Nearsay, shared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", shared_url)
    assert nearsay("index").status == 0
    assert "An iron hook" in nearsay("say", "/define anchor").out
    database = Database.at(shared_url)
    assert database.row(select(members)) is None
    database.close()


def test_migration_to_an_unknown_version_is_a_problem(nearsay: Nearsay) -> None:
    nearsay("admin", "status")
    for name in ("0000", "7777", "base"):
        done = nearsay("migrate", "--to", name, "--down")
        assert done.status == 1
        assert f"The ledger has no schema version {name}" in done.complaint
