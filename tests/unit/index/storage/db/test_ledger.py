"""The parts of the ledger, on each database."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from index.entry import Entry
from index.errors import LedgerError, StoreBusy
from index.sources.file_cache import CachedFile
from index.sources.files import Reading
from index.storage.db import lease as lease_module
from index.storage.db.database import Database
from index.storage.db.lease import Holder
from index.storage.db.ledger import Ledger
from index.storage.db.migrate import NEWEST, changes, migrate_schema, require_newest, upgrade_schema
from index.storage.db.oldest import OLDEST, require_supported_file
from index.storage.db.schema import metadata
from tests.support.entries import harbour
from tests.support.questions import question_record
from tests.support.waiting import wait_until

pytestmark = pytest.mark.databases

SPACE = "space"


def complete(ledger: Ledger, entries: list[Entry], expected: str | None, **changes: object) -> str:
    name = ledger.generations.begin("a test")
    ledger.generations.complete(
        name,
        entries,
        {"added": entries, **changes},  # type: ignore[dict-item]
        manifest='{"a": 1}',
        digests={"chroma/x": "0" * 64},
        outcome={"added": len(entries)},
        expected=expected,
    )
    return name


def test_a_ledger_of_a_newer_version_is_rejected_with_a_hint(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for use in (upgrade_schema, require_newest, lambda database: migrate_schema(database, OLDEST)):
        with pytest.raises(LedgerError, match=r"newer version of Nearsay.*9999") as raised:
            use(database)
        assert f"nearsay migrate --to {NEWEST} --down" in raised.value.hint


def test_a_ledger_from_before_1_0_0_is_rejected_with_a_hint(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0006'")
    for use in (upgrade_schema, require_newest, lambda database: migrate_schema(database, NEWEST)):
        with pytest.raises(LedgerError, match=r"before 1\.0\.0 \(schema 0006\)") as raised:
            use(database)
        assert "nearsay export DIR" in raised.value.hint


def test_an_upgrade_that_is_only_in_the_log_of_a_file_counts(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as live:
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("CREATE TABLE alembic_version (version_num TEXT)")
        live.execute("INSERT INTO alembic_version VALUES ('0006')")
        with pytest.raises(LedgerError, match=r"before 1\.0\.0"):
            require_supported_file(file)
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with pytest.raises(LedgerError, match=r"before 1\.0\.0"):
            require_supported_file(file)
        live.execute("UPDATE alembic_version SET version_num = ?", (NEWEST,))
        require_supported_file(file)


VERSIONS = [name for name, _ in changes()]


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_the_schema_can_be_downgraded_to_each_version_and_upgraded(
    database: Database, version: str
) -> None:
    assert migrate_schema(database, version) is True
    assert migrate_schema(database, version) is False
    assert upgrade_schema(database) is True
    with database.writing() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_downgrade_keeps_data_of_the_older_schema(ledger: Ledger, database: Database) -> None:
    complete(ledger, harbour(), None)
    question = question_record("1", seconds=0.5)
    ledger.questions.keep(question)
    ledger.questions.vote("1", "U2", helpful=True, at=question.at)
    migrate_schema(database, OLDEST)
    upgrade_schema(database)
    assert ledger.generations.entries("g000001") == harbour()
    kept = ledger.questions.get("1")
    assert kept is not None
    assert replace(kept, at=question.at) == question
    assert ledger.questions.summary(question.at - timedelta(1)).helpful == 1


def test_the_number_of_generations_includes_those_without_files(ledger: Ledger) -> None:
    first = complete(ledger, harbour(), None)
    second = complete(ledger, harbour(), first)
    ledger.generations.forget(first)
    ledger.generations.mark_damaged(second, "Damaged.")
    ledger.generations.begin("a test")
    assert [record.name for record in ledger.generations.kept()] == [second]
    assert ledger.generations.count() == 2
    assert ledger.generations.get(first).manifest == ""


def known_file(content: int) -> CachedFile:
    return CachedFile(f"{content:064}", Reading(tuple(harbour()[:1])))


def test_source_files_are_cached_replaced_and_deleted(ledger: Ledger) -> None:
    known = {"w": known_file(0), "x": known_file(1), "y": known_file(2)}
    ledger.files.keep_files("a", "reader", known, gone=())
    ledger.files.keep_files("b", "reader", {"x": known_file(3)}, gone=())
    changed = {"y": known_file(4), "z": known_file(5)}
    ledger.files.keep_files("a", "reader", changed, gone={"x"})
    assert ledger.files.files("a", "reader") == {"w": known_file(0), **changed}
    assert ledger.files.files("a", "another reader") == {}
    ledger.files.keep_files("a", "another reader", {"y": known_file(6)}, gone=())
    assert ledger.files.files("a", "reader") == {}
    assert ledger.files.files("a", "another reader") == {"y": known_file(6)}
    ledger.files.forget_all_but(["b"])
    assert ledger.files.files("a", "another reader") == {}
    assert ledger.files.files("b", "reader") == {"x": known_file(3)}


def test_an_unreadable_cached_file_is_read_from_disk(ledger: Ledger, database: Database) -> None:
    ledger.files.keep_files("a", "reader", {"x": known_file(1), "y": known_file(2)}, gone=())
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE files SET content = '{}' WHERE path = 'x'")
    remembered = ledger.files.files("a", "reader")
    assert remembered.get("x") is None
    assert remembered.get("y") == known_file(2)


def test_one_of_two_concurrent_switches_is_rejected(ledger: Ledger) -> None:
    first = complete(ledger, harbour(), None)
    second = complete(ledger, harbour(), first)
    name = ledger.generations.begin("a test")
    with pytest.raises(StoreBusy, match="live generation is now g000002"):
        ledger.generations.complete(
            name, harbour(), {}, manifest="", digests={}, outcome={}, expected=first
        )
    assert ledger.generations.pointer().generation == second
    assert ledger.generations.get(name).state == "building"
    assert ledger.generations.entries(name) == []


def test_vectors_are_read_back_exactly(ledger: Ledger) -> None:
    rows = np.random.default_rng(1).standard_normal((1_200, 8)).astype(np.float32)
    digests = [f"{at:064x}" for at in range(1_200)]
    ledger.vectors.keep(SPACE, digests, rows)
    ledger.vectors.keep(SPACE, digests[:1], rows[:1] * 2)
    found = ledger.vectors.get(SPACE, [*digests, "unknown"])
    assert set(found) == set(digests)
    np.testing.assert_array_equal(found[digests[0]], rows[0] * 2)
    np.testing.assert_array_equal(found[digests[1_199]], rows[1_199])
    assert ledger.vectors.get("another space", digests) == {}


def test_only_one_of_several_concurrent_builders_gets_the_lease(ledger: Ledger) -> None:
    together = threading.Barrier(4, timeout=10)

    def begin(name: str) -> str:
        together.wait()
        try:
            with ledger.lease.held(Holder(name, f"{name}:/data")):
                together.wait()
                return name
        except StoreBusy as error:
            together.wait()
            return error.message

    for _ in range(10):
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(begin, "abcd"))
        (holder,) = {name for name in results if len(name) == 1}
        refused = f"The index is already being built by {holder}."
        assert sorted(results) == sorted([holder, *[refused] * 3])


def test_a_holder_without_a_heartbeat_loses_the_lease(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "HEARTBEAT_S", 0.01)
    monkeypatch.setattr(lease_module, "EXPIRY", -1.0)  # every heartbeat is too old
    with ledger.lease.held(Holder("the first", "a:/data")) as beat:
        assert ledger.lease.building() is None
        with (
            ledger.lease.held(Holder("the second", "b:/data")),
            pytest.raises(StoreBusy, match="took over"),
        ):
            wait_until(lambda: beat.report("writing", 1, 2))


def test_sqlite_is_configured_for_sharing_and_durability(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with database.reading() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    assert pragmas == ["wal", 1, 5_000]


def test_opening_a_damaged_ledger_raises_an_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"this is no database, " * 500)
    with pytest.raises(LedgerError, match="is damaged") as raised:
        Ledger.open(tmp_path)
    assert "backup" in raised.value.hint


@pytest.mark.parametrize("url", ["", "mysql://u:secret@h/d", "nonsense", "postgresql+none://h/d"])
def test_an_unusable_database_url_raises_an_error(tmp_path: Path, url: str) -> None:
    if not url:
        file = tmp_path / "file"
        file.write_text("in the way")
        with pytest.raises(LedgerError, match="cannot be created"):
            Ledger.open(file / "data")
        return
    with pytest.raises(LedgerError, match="DATABASE_URL cannot be used") as raised:
        Ledger.open(tmp_path, url)
    assert "secret" not in str(raised.value) + raised.value.hint


def test_an_unreachable_server_is_named_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be used") as raised:
        Ledger.open(tmp_path, "postgresql://someone:secret@127.0.0.1:1/none")
    assert "someone:***@127.0.0.1" in raised.value.message
    assert "secret" not in str(raised.value) + raised.value.hint
