"""Migrate the ledger at the terminal, and leave it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from index.storage.db.database import Database
from index.storage.db.migrate import NEWEST
from index.storage.db.oldest import OLDEST
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
    asked = nearsay("migrate", "--to", OLDEST)
    assert asked.status == 1
    assert "A downgrade from version" in asked.complaint
    assert "0008: The Slack delivery" in asked.complaint
    assert "0009: The tokens" in asked.complaint
    assert "nearsay backup" in asked.complaint
    back = nearsay("migrate", "--to", OLDEST, "--down")
    assert back.status == 0
    assert f"now at schema version {OLDEST}." in back.output
    assert "the newest" in nearsay("migrate").out
    assert "A tall pole." in nearsay("say", "/define mast").out


COMMANDS = (
    ("say", "/define mast"),
    ("index",),
    ("admin", "status"),
    ("migrate",),
    ("migrate", "--to", "0006", "--down"),
    ("doctor",),
    ("backup", "b.tar.gz"),
    ("serve",),
)


@pytest.mark.on_files
def test_a_data_directory_from_before_1_0_0_is_refused_and_left_as_it_is(
    nearsay: Nearsay, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nearsay("admin", "add", "Mast = A tall pole.").status == 0
    (file,) = words.parent.rglob("ledger.sqlite3")
    old = tmp_path / "old"
    shutil.copytree(file.parent, old, ignore=shutil.ignore_patterns("ledger.*"))
    with closing(sqlite3.connect(file)) as live:
        live.execute("VACUUM INTO ?", (str(old / file.name),))
    with closing(sqlite3.connect(old / file.name)) as ledger, ledger:
        ledger.execute("UPDATE alembic_version SET version_num = '0006'")  # of 0.2.0
    monkeypatch.chdir(tmp_path)  # of the backup
    monkeypatch.setenv("NEARSAY_DATA_DIR", str(old))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    before = content_of(old)
    for command in COMMANDS:
        done = nearsay(
            *(str(tmp_path / "b.tar.gz") if word == "BACKUP" else word for word in command)
        )
        assert done.status != 0, command
        assert "version of Nearsay before 1.0.0 (schema 0006)" in done.output, command
        assert "nearsay export DIR" in done.output, command
        assert content_of(old) == before, command


def content_of(folder: Path) -> dict[Path, bytes]:
    """Return the content of the files in a folder, but for the log."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".log"]
    return {path: path.read_bytes() for path in files}


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
