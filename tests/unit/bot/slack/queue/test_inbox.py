"""The SQLite inbox records acknowledged deliveries and never blocks an answer."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands.spec import Request
from bot.replies.base import Problem
from bot.slack.queue import inbox as inbox_module
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import KEY_RETENTION_S, MAX_AGE_S, RECORD_TIMEOUT_S, Inbox


def delivery(key: str = "1.2", age: float = 0) -> Delivery:
    return Delivery(key, "command", "/near rope & <b>", "https://a.test/r", time.time() - age)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "inbox.sqlite3"


@pytest.fixture
def inbox(file: Path) -> Iterator[Inbox]:
    opened = Inbox.in_file(file)
    yield opened
    opened.close()


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file during the block."""
    other = sqlite3.connect(file, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        other.close()


def rows(file: Path) -> list[tuple[str, str]]:
    return sqlite3.connect(file).execute("SELECT key, content FROM deliveries").fetchall()


def keys(inbox: Inbox) -> list[str]:
    return [item.key for item in inbox.take_unanswered()]


def test_repeated_delivery_is_not_new_even_after_its_answer(inbox: Inbox) -> None:
    assert inbox.record(delivery()) is True
    assert inbox.record(replace(delivery(), line="/near other")) is False
    assert inbox.record(delivery("1.3")) is True
    inbox.mark_answered(delivery())
    assert inbox.record(delivery()) is False
    assert inbox.is_first("v0=a"), "a single process checks signatures in memory"


@pytest.mark.parametrize(
    "changes",
    [
        {"shared_by": "<!here>", "kind": "action"},
        {"request": Request("near", "rope", {"n": 10, "why": "yes"})},
        {"request": Problem(code="usage", message="n must be a number.", hint="/near rope n=5")},
        {"line": "/near-admin rollback from=g000002", "posted": ("C1", "1.2")},
    ],
    ids=["shared", "request", "problem", "posted"],
)
def test_unanswered_delivery_survives_a_restart(file: Path, changes: dict[str, object]) -> None:
    killed = Inbox.in_file(file)  # not closed, as after a kill
    killed.record(delivery())
    amended = replace(killed.take_unanswered()[0], **changes)  # type: ignore[arg-type]
    killed.amend(amended)
    second = Inbox.in_file(file)
    assert second.take_unanswered() == [amended]
    assert second.record(delivery()) is False
    second.mark_answered(amended)
    assert second.take_unanswered() == []
    second.close()


def test_recent_unanswered_deliveries_are_returned_oldest_first(file: Path, inbox: Inbox) -> None:
    assert 20 * 60 <= MAX_AGE_S <= 29 * 60  # a response_url works for 30 minutes
    ages = {
        "old": KEY_RETENTION_S + 60,
        "late": MAX_AGE_S + 1,
        "b": 20,
        "c": 10,
        "a": MAX_AGE_S - 60,
        "done": 0,
    }
    for key, age in ages.items():
        inbox.record(delivery(key, age))
    inbox.mark_answered(delivery("done"))
    assert keys(inbox) == keys(Inbox.in_file(file)) == ["a", "b", "c"]
    assert inbox.count() == 3, "a delivery that is too old to be answered does not count"
    kept = dict(rows(file))
    assert kept.keys() == ages.keys() - {"old"}, "deliveries older than a day are deleted"
    assert kept["done"] == "", "of an answered delivery only the key is kept"
    inbox.record(delivery("old", ages["old"]))
    inbox.mark_answered(delivery("done"))
    assert "old" in dict(rows(file)), "old deliveries are deleted at most once a minute"


def test_locked_file_delays_an_acknowledgement_by_at_most_half_a_second(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert RECORD_TIMEOUT_S < 0.5
    monkeypatch.setattr(inbox_module, "RECORD_TIMEOUT_S", 0.1)  # the rest is for a busy machine
    inbox = Inbox.in_file(file)
    inbox.record(delivery("before"))
    with held(file), ThreadPoolExecutor(20) as pool:
        started = time.monotonic()
        assert all(pool.map(inbox.record, [delivery(str(number)) for number in range(20)]))
        assert time.monotonic() - started < 0.8
        inbox.mark_answered(delivery("before"))  # fails and is logged
        assert keys(inbox) == ["before"]
    assert inbox.record(delivery()) is True
    assert inbox.record(delivery()) is False
    assert keys(inbox) == ["before", "1.2"], "a late delivery is not recorded after its answer"
    inbox.close()


def test_locked_inbox_file_is_not_renamed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "OPEN_TIMEOUT_S", 0.1)
    file.parent.mkdir()
    with held(file):  # as if another process were creating it
        in_memory = Inbox.in_file(file)
        assert in_memory.record(delivery())
        assert keys(in_memory) == ["1.2"]
        assert [path.name for path in file.parent.glob("*damaged*")] == []


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no database": lambda file: file.write_bytes(b"This is no database. " * 500),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:5_000]),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_file_does_not_stop_the_inbox(file: Path, damage: str) -> None:
    first = Inbox.in_file(file)
    first.record(delivery())
    first.close()
    DAMAGE[damage](file)
    inbox = Inbox.in_file(file)
    assert inbox.record(delivery("2")) is True
    inbox.mark_answered(delivery("2"))
    assert all(isinstance(item, Delivery) for item in inbox.take_unanswered())
    inbox.close()


@pytest.mark.parametrize("pragma", ["query_only=ON", "max_page_count=1"])
def test_unwritable_file_does_not_stop_the_inbox(
    inbox: Inbox, pragma: str, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.record(delivery("1"))
    with inbox._database.reading() as connection:
        connection.execute(text(f"PRAGMA {pragma}"))
    large = replace(delivery("2"), line="x" * 100_000)
    assert inbox.record(large) is True
    inbox.amend(replace(large, key="1"))
    assert "could not be recorded" in caplog.text
    assert "could not be updated" in caplog.text
    assert not any(record.exc_info for record in caplog.records)
    assert keys(inbox) == ["1"]


@pytest.mark.parametrize(
    "content", ["{}", "not JSON", '{"key": "1", "later": true}'], ids=["empty", "broken", "newer"]
)
def test_unreadable_row_is_skipped(file: Path, inbox: Inbox, content: str) -> None:
    with sqlite3.connect(file) as other:
        values = (content, time.time() - 10)
        other.execute("INSERT INTO deliveries VALUES ('x', ?, ?, NULL)", values)
    inbox.record(delivery())
    assert keys(inbox) == ["1.2"]
    with sqlite3.connect(file) as other:
        other.execute("DROP TABLE deliveries")
    assert inbox.take_unanswered() == [], "a failing database does not stop the start"


def test_concurrent_threads_record_each_delivery_once(file: Path, inbox: Inbox) -> None:
    second = Inbox.in_file(file)
    start = threading.Barrier(8)

    def record_all(at: int) -> int:
        start.wait(5)
        return sum((inbox, second)[at % 2].record(delivery(str(number))) for number in range(25))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(record_all, range(8))) == 25
    assert len(inbox.take_unanswered()) == 25
    second.close()
