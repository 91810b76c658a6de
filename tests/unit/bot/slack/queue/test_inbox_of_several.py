"""The inbox shared by several processes in PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from bot.slack.queue import inbox as inbox_module
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import (
    KEY_RETENTION_S,
    MAX_AGE_S,
)
from bot.slack.queue.shared_inbox import RECORDERS, SIGNATURE_AGE_S, SharedInbox
from index.errors import LedgerError
from index.storage.db import postgres
from index.storage.db.database import Database
from index.storage.db.processes import GONE, Members
from tests.support.proxy import Proxy, proxy_to
from tests.support.waiting import wait_until

Open = Callable[[str], SharedInbox]


def delivery(key: str = "C1/1.1", received: float | None = None) -> Delivery:
    return Delivery(key, "question", "what is a hawser?", "", received or time.time(), user="U1")


@pytest.fixture
def database(shared_url: str) -> Iterator[Database]:
    database = Database.at(shared_url)
    yield database
    database.close()


@pytest.fixture
def members(database: Database) -> Members:
    return Members(database)


@pytest.fixture
def opened(shared_url: str) -> Iterator[Open]:
    """Return a function that opens the inbox of the process with a given token."""
    inboxes: list[SharedInbox] = []

    def inbox_of(token: str) -> SharedInbox:
        inboxes.append(SharedInbox(shared_url, lambda: token))
        return inboxes[-1]

    yield inbox_of
    for inbox in inboxes:
        inbox.close()


def stop_heartbeat(database: Database, token: str, seconds: float) -> None:
    """Set the last heartbeat of a process back by `seconds`."""
    with database.writing() as connection:
        connection.execute(
            text("UPDATE members SET heartbeat = heartbeat - :seconds WHERE token = :token"),
            {"seconds": seconds, "token": token},
        )


def test_only_one_process_records_a_delivery_as_new(
    opened: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "RECORD_TIMEOUT_S", 20)  # for a busy machine
    inboxes = [opened(name) for name in ("one", "other", "third")]
    with ThreadPoolExecutor(12) as pool:
        new = pool.map(lambda at: inboxes[at % 3].record(delivery(f"C1/{at // 3}")), range(60))
        assert sum(new) == 20
    inboxes[0].mark_answered(delivery("C1/0"))
    assert not inboxes[1].record(delivery("C1/0")), "a later duplicate is not new"
    with database.reading() as connection:
        kept = connection.execute(text("SELECT content FROM deliveries WHERE key = 'C1/0'"))
        assert kept.scalars().all() == [""]


def test_deliveries_of_a_dead_process_are_taken_over_once(
    opened: Open, members: Members, database: Database
) -> None:
    one, *others = (members.join(words) for words in ("one", "other", "third"))
    inbox = opened(one)
    asked = [delivery(f"C1/{at}", time.time() + at / 1_000) for at in range(20)]
    for item in (*asked, delivery("too late", time.time() - MAX_AGE_S - 5)):
        inbox.record(item)
    assert inbox.take_unanswered() == [], "the process already handles its own deliveries"
    inbox.mark_answered(asked[7])
    amended = replace(asked[3], posted=("C1", "2.2"))
    inbox.amend(amended)
    stop_heartbeat(database, one, GONE / 2)
    assert opened(others[0]).take_unanswered() == [], "the other process may only be slow"
    stop_heartbeat(database, one, GONE)
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(lambda token: opened(token).take_unanswered(), others))
    keys = [item.key for several in taken for item in several]
    assert sorted(keys) == sorted(item.key for item in asked if item is not asked[7])
    assert amended in taken[0] + taken[1]
    assert all(several == sorted(several, key=lambda item: item.received) for several in taken)


def test_two_processes_never_take_over_the_same_delivery(
    opened: Open, members: Members, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "RECORD_TIMEOUT_S", 20)  # for a busy machine
    for number in range(20):
        dead, *others = (members.join(words) for words in ("dead", "other", "third"))
        inbox = opened(dead)
        for at in range(20):
            inbox.record(delivery(f"C{number}/{at}"))
        inboxes = [opened(token) for token in others]
        assert [one.count() for one in inboxes] == [20, 20], "both are connected"
        stop_heartbeat(database, dead, GONE + 1)
        with ThreadPoolExecutor(2) as pool:
            taken = list(pool.map(SharedInbox.take_unanswered, inboxes))
        keys = sorted(item.key for several in taken for item in several)
        assert keys == sorted(f"C{number}/{at}" for at in range(20))
        for one, several in zip(inboxes, taken, strict=True):
            for item in several:
                one.mark_answered(item)


def test_a_conversation_is_handled_by_one_process_at_a_time(opened: Open) -> None:
    one, other = opened("one"), opened("other")
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait(5)
        with other.conversation_lock("C1", "2.2"):
            order.append("another thread")
        with other.conversation_lock("C1", "1.1"):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with one.conversation_lock("C1", "1.1"):
        inside.set()
        wait_until(lambda: order)
        time.sleep(0.1)  # the lock is held all the while
        order.append("first")
    thread.join()
    assert order == ["another thread", "first", "second"]


def test_deliveries_are_recorded_while_32_conversations_are_held(shared_url: str) -> None:
    """Check that slow answers, each of which holds its conversation, delay no acknowledgement."""
    inbox = SharedInbox(shared_url, lambda: "one")
    before = fallbacks("delivery"), fallbacks("lock")
    with ExitStack() as held:
        for number in range(32):
            held.enter_context(inbox.conversation_lock("C1", str(number)))
        assert all(inbox.record(delivery(f"C1/held {number}")) for number in range(20))
        assert inbox.count() == 20
    assert (fallbacks("delivery"), fallbacks("lock")) == before
    inbox.close()


def test_signature_is_refused_while_its_table_is_locked(
    opened: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "RECORD_TIMEOUT_S", 0.2)
    inboxes = [opened(name) for name in ("one", "other", "third", "fourth", "fifth")]
    before = fallbacks("signature")
    with database.writing() as connection:
        connection.execute(text("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"))
        for inbox in inboxes:
            with pytest.raises(LedgerError, match="in time"):
                inbox.is_first("v0=again")
    assert fallbacks("signature") == before + 5
    monkeypatch.setattr(inbox_module, "RECORD_TIMEOUT_S", 20)  # for a busy machine
    assert sum(inbox.is_first("v0=once") for inbox in inboxes) == 1


def test_hanging_database_gets_a_bounded_number_of_threads(
    opened: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "RECORD_TIMEOUT_S", 0.05)
    inbox = opened("one")
    with database.writing() as connection:
        connection.execute(text("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"))
        for number in range(3 * RECORDERS):
            assert inbox.record(delivery(f"C1/{number}"))
        recording = [thread for thread in threading.enumerate() if thread.name == "inbox"]
        assert len(recording) <= RECORDERS


def test_waits_and_idle_transactions_in_postgresql_end(
    shared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in {"STATEMENT_TIMEOUT_S": 2, "LOCK_TIMEOUT_S": 1}.items():
        monkeypatch.setattr(postgres, name, seconds)
    database, other = Database.at(shared_url, 5, 1), Database.at(shared_url)
    with pytest.raises(LedgerError, match="did not answer within"):
        database.value(text("SELECT pg_sleep(10)"))
    with other.writing() as holder:
        holder.execute(text("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(LedgerError, match="other work has held a lock"):
            database.value(text("SELECT count(*) FROM deliveries"))
    with database.engine.connect() as idle:
        idle.execute(text("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"))
        time.sleep(1.5)
        assert other.value(text("SELECT count(*) FROM deliveries")) == 0, "the lock is gone"
        with pytest.raises(DBAPIError, match="idle-in-transaction"):
            idle.execute(text("SELECT 1"))
    database.close()
    other.close()


def fallbacks(what: str) -> float:
    return REGISTRY.get_sample_value("nearsay_fallbacks_total", {"what": what}) or 0


def test_deliveries_older_than_a_day_are_deleted(
    opened: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = opened("one")
    then = time.time() - SIGNATURE_AGE_S - 60
    with monkeypatch.context() as before:
        before.setattr(time, "time", lambda: then)
        assert inbox.is_first("v0=old")
    assert inbox.is_first("v0=new")
    assert not opened("other").is_first("v0=new"), "another process received it"
    inbox.record(delivery("old", time.time() - KEY_RETENTION_S - 60))
    inbox.record(delivery("new", time.time() - SIGNATURE_AGE_S - 60))
    inbox.mark_answered(delivery("new"))
    with database.reading() as connection:
        kept = connection.execute(text("SELECT key FROM deliveries")).scalars().all()
    assert sorted(kept) == ["new", "signed v0=new"]


@pytest.fixture
def proxied(shared_url: str) -> Iterator[tuple[Proxy, str]]:
    """Run a proxy to PostgreSQL, and provide the proxy and the URL through it."""
    with proxy_to(make_url(shared_url).port or 5432) as proxy:
        url = make_url(shared_url).set(port=proxy.port)
        yield proxy, url.render_as_string(hide_password=False)


@pytest.mark.parametrize("fault", ["deaf", "gone"])
def test_unresponsive_database_does_not_delay_acknowledgements(
    fault: str,
    proxied: tuple[Proxy, str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy, url = proxied
    inbox = SharedInbox(url, lambda: "one")
    assert inbox.record(delivery())
    proxy.fault = fault  # type: ignore[assignment]
    with monkeypatch.context() as patched:
        patched.setattr(inbox_module, "RECORD_TIMEOUT_S", 0.1)  # the rest is for a busy machine
        began = time.monotonic()
        assert inbox.record(delivery("C1/2")), "an unrecorded delivery is answered anyway"
        assert time.monotonic() - began < 3, "PostgreSQL's driver alone would wait for longer"
    assert "could not be recorded" in caplog.text
    proxy.fault = "none"
    proxy.cut()
    assert not inbox.record(delivery()), "the database is used again once it responds"
    inbox.close()
