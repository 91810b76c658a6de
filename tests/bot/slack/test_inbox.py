"""The inbox remembers what was acknowledged, and never stands in the way of an answer."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack.inbox import FRESH, KEPT, Delivery, FileInbox


def delivery(key: str = "1.2", age: float = 0) -> Delivery:
    return Delivery(key, "command", "/near rope & <b>", "https://a.test/r", time.time() - age)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "inbox.sqlite3"


@pytest.fixture
def inbox(file: Path) -> Iterator[FileInbox]:
    opened = FileInbox(file)
    yield opened
    opened.close()


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another connection that keeps the file to itself."""
    other = sqlite3.connect(file, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        other.close()


def test_a_delivery_is_new_once_and_its_double_is_not(inbox: FileInbox) -> None:
    assert inbox.record(delivery()) is True
    assert inbox.record(delivery()) is False
    assert inbox.record(replace(delivery(), line="/near other")) is False
    assert inbox.record(delivery("1.3")) is True


def test_a_double_of_what_was_answered_is_not_new(inbox: FileInbox) -> None:
    inbox.record(delivery())
    inbox.answered(delivery())
    assert inbox.record(delivery()) is False


@pytest.mark.parametrize("shared_by", [None, "", "ada", "<!here>"], ids=repr)
def test_what_waits_outlives_the_process_as_it_was(file: Path, shared_by: str | None) -> None:
    put = replace(delivery(), shared_by=shared_by, kind="action")
    first = FileInbox(file)
    first.record(put)
    first.close()
    second = FileInbox(file)
    assert second.waiting() == [put]
    assert second.record(put) is False
    second.close()


def test_what_waits_outlives_a_process_that_closes_nothing(file: Path) -> None:
    killed = FileInbox(file)
    killed.record(delivery())
    assert FileInbox(file).waiting() == [delivery_of(killed)]


def delivery_of(inbox: FileInbox) -> Delivery:
    (found,) = inbox.waiting()
    return found


def test_what_was_answered_waits_no_more(file: Path, inbox: FileInbox) -> None:
    inbox.record(delivery("1"))
    inbox.record(delivery("2"))
    inbox.answered(delivery("1"))
    assert [item.key for item in inbox.waiting()] == ["2"]
    assert [item.key for item in FileInbox(file).waiting()] == ["2"]


def test_nothing_of_an_answered_question_is_kept_but_its_key(file: Path, inbox: FileInbox) -> None:
    inbox.record(delivery())
    inbox.answered(delivery())
    ((key, content),) = sqlite3.connect(file).execute("SELECT key, content FROM deliveries")
    assert (key, content) == ("1.2", "")


def test_a_response_url_is_given_up_before_slack_gives_it_up() -> None:
    assert 20 * 60 <= FRESH <= 29 * 60  # Slack: thirty minutes


@pytest.mark.parametrize(("age", "waits"), [(0, True), (FRESH - 60, True), (FRESH + 1, False)])
def test_what_slack_would_not_take_any_more_does_not_wait(
    inbox: FileInbox, age: float, *, waits: bool
) -> None:
    inbox.record(delivery(age=age))
    assert bool(inbox.waiting()) is waits


def test_the_oldest_is_answered_first(inbox: FileInbox) -> None:
    for key, age in (("b", 20), ("c", 10), ("a", 30)):
        inbox.record(delivery(key, age))
    assert [item.key for item in inbox.waiting()] == ["a", "b", "c"]


def test_what_is_older_than_a_day_is_forgotten(file: Path, inbox: FileInbox) -> None:
    inbox.record(delivery("old", KEPT + 60))
    inbox.record(delivery("new"))
    inbox.answered(delivery("new"))
    assert sqlite3.connect(file).execute("SELECT key FROM deliveries").fetchall() == [("new",)]


def test_a_locked_file_delays_an_acknowledgement_no_more_than_half_a_second(
    file: Path, inbox: FileInbox
) -> None:
    with held(file):
        started = time.monotonic()
        assert inbox.record(delivery()) is True
        assert time.monotonic() - started < 0.6
    assert inbox.record(delivery()) is True
    assert inbox.record(delivery()) is False


def test_a_locked_file_delays_ten_at_once_less_than_slack_waits(
    file: Path, inbox: FileInbox
) -> None:
    with held(file), ThreadPoolExecutor(10) as pool:
        started = time.monotonic()
        assert all(pool.map(inbox.record, [delivery(str(n)) for n in range(10)]))
        assert time.monotonic() - started < 2


def test_noting_an_answer_in_a_locked_file_does_not_fail(file: Path, inbox: FileInbox) -> None:
    inbox.record(delivery())
    with held(file):
        inbox.answered(delivery())
        assert inbox.waiting() == [delivery_of(inbox)]


def test_an_inbox_opens_though_another_process_writes_to_it(file: Path, inbox: FileInbox) -> None:
    inbox.record(delivery())
    with held(file):
        second = FileInbox(file)
        assert [item.key for item in second.waiting()] == ["1.2"]
        assert second.record(delivery("2")) is True


def test_a_file_that_is_only_locked_is_not_put_aside(file: Path) -> None:
    file.parent.mkdir()
    with held(file):  # as by another process that is just making it
        FileInbox(file).close()
        assert [path.name for path in file.parent.glob("*damaged*")] == []


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no database": lambda file: file.write_bytes(b"This is no database. " * 500),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:5_000]),
    "a folder": _folder,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_stops_nothing(file: Path, damage: str) -> None:
    first = FileInbox(file)
    first.record(delivery())
    first.close()
    DAMAGE[damage](file)
    inbox = FileInbox(file)
    assert inbox.record(delivery("2")) is True
    inbox.answered(delivery("2"))
    assert all(isinstance(item, Delivery) for item in inbox.waiting())
    inbox.close()


def test_a_file_that_cannot_be_written_stops_nothing(file: Path, inbox: FileInbox) -> None:
    inbox.record(delivery("1"))
    inbox._database.execute("PRAGMA query_only=ON")  # as a read-only mount answers
    assert inbox.record(delivery("2")) is True
    inbox.answered(delivery("1"))
    assert [item.key for item in inbox.waiting()] == ["1"]


def test_a_full_disk_stops_nothing(inbox: FileInbox) -> None:
    ((pages,),) = inbox._database.execute("PRAGMA page_count").fetchall()
    inbox._database.execute(f"PRAGMA max_page_count={pages}")
    large = replace(delivery(), line="x" * 100_000)
    assert inbox.record(large) is True
    assert inbox.waiting() == []


@pytest.mark.parametrize(
    "content", ["{}", "not JSON", '{"key": "1", "later": true}'], ids=["empty", "broken", "newer"]
)
def test_a_row_that_cannot_be_read_leaves_the_others_waiting(
    file: Path, inbox: FileInbox, content: str
) -> None:
    other = sqlite3.connect(file)
    other.execute("INSERT INTO deliveries VALUES ('x', ?, ?, NULL)", (content, time.time() - 10))
    other.commit()
    inbox.record(delivery())
    assert [item.key for item in inbox.waiting()] == ["1.2"]


def test_threads_record_each_delivery_once(inbox: FileInbox) -> None:
    start = threading.Barrier(8)

    def record_all() -> int:
        start.wait(5)
        return sum(inbox.record(delivery(str(number))) for number in range(50))

    with ThreadPoolExecutor(8) as pool:
        new = [future.result() for future in [pool.submit(record_all) for _ in range(8)]]
    assert sum(new) == 50
    assert len(inbox.waiting()) == 50


def test_threads_of_two_processes_files_agree_on_who_was_first(
    file: Path, inbox: FileInbox
) -> None:
    second = FileInbox(file)
    with ThreadPoolExecutor(8) as pool:
        keys = [str(number // 2) for number in range(100)]
        both = [inbox, second]
        new = list(pool.map(lambda n: both[n % 2].record(delivery(keys[n])), range(100)))
    second.close()
    assert sum(new) == 50


def test_what_is_known_of_a_delivery_by_now_outlives_the_process(file: Path) -> None:
    first = FileInbox(file)
    first.record(delivery())
    amended = replace(delivery(), line="/near-admin rollback from=g000002", posted=("C1", "1.2"))
    first.amend(amended)
    first.close()
    again = FileInbox(file)
    assert again.waiting() == [amended]
    assert again.record(delivery()) is False
    again.answered(amended)
    assert again.waiting() == []
    again.close()


def test_what_cannot_be_kept_of_a_delivery_does_no_harm(
    inbox: FileInbox, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.amend(delivery())  # not recorded: nothing to amend
    assert inbox.waiting() == []
    inbox.close()
    inbox.amend(delivery())
    assert "could not be kept" in caplog.text
