"""What is kept of questions is kept behind the answers, for as long as is set, and never at their
cost."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import question_log as memory_module
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.question_log import QuestionLog, record_from_reply
from bot.replies.base import Problem, Reply
from index.errors import LedgerError
from index.storage import Store
from index.storage.db import DeletedUserData, QuestionRecord
from index.storage.db.questions import Questions
from tests.unit.bot.samples import KINDS, answer, neighbours, reply

SECONDS = 10  # that a test waits for what is written behind


def asked(name: str = "a", **others: Any) -> QuestionRecord:
    given: dict[str, Any] = {
        "at": datetime.now(UTC),
        "person": "U1",
        "place": "public",
        "channel": "C1",
        "text": "why?",
        "outcome": "answered",
    }
    return QuestionRecord(id=name, **given | others)


@pytest.fixture
def memory(harbour_store: Store) -> Iterator[QuestionLog]:
    kept = QuestionLog(harbour_store)
    yield kept
    kept.stop(SECONDS)


@pytest.fixture
def locked(harbour_store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another process that writes into the ledger and does not end."""
    monkeypatch.setattr("index.storage.db.database.BUSY", 0.2)
    other = sqlite3.connect(harbour_store.directory / "ledger.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_questions_and_votes_are_kept_and_deleted_in_order(
    harbour_store: Store, memory: QuestionLog
) -> None:
    memory.record(asked())
    now = datetime.now(UTC)
    assert memory.vote("a", "C1", "U2", helpful=True, at=now)
    assert not memory.vote("a", "C2", "U2", helpful=True, at=now), "it was asked elsewhere"
    assert not memory.vote("b", "C1", "U2", helpful=True, at=now)
    summary = harbour_store.ledger.asked.summary(now - timedelta(1))
    assert (summary.questions, summary.helpful, summary.not_helpful) == (1, 1, 0)
    assert [memory.share_with_owners(*one) for one in (("a", "U2"), ("a", "U1"), ("b", "U1"))] == [
        *(False, True),
        None,
    ]
    assert memory.delete_user_data("U1") == DeletedUserData(1, 0)
    assert memory.delete_user_data("U1") == DeletedUserData(0, 0)
    memory.record(asked())
    memory.remove("a")
    memory.stop(SECONDS)
    assert harbour_store.ledger.asked.get("a") is None


def test_what_waits_is_written_together_in_the_order_it_came(
    harbour_store: Store, memory: QuestionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[list[str]] = []
    blocked = threading.Event()
    keep = Questions.keep

    def kept(self: Questions, *several: QuestionRecord) -> None:
        assert blocked.wait(SECONDS)
        written.append([question.id for question in several])
        keep(self, *several)

    monkeypatch.setattr(Questions, "keep", kept)
    monkeypatch.setattr(memory_module, "MAX_BATCH", 3)
    memory.record(asked("first"))
    _until(lambda: memory._batch is None)  # it is being written
    for name in "abcd":
        memory.record(asked(name))
    memory.remove("a")
    memory.record(asked("a", text="again?"))
    memory.record(asked("e"))
    blocked.set()
    assert memory.share_with_owners("e", "U1") is True
    assert written == [["first"], ["a", "b", "c"], ["d"], ["a", "e"]]
    again = harbour_store.ledger.asked.get("a")
    assert again is not None
    assert again.text == "again?"


def test_what_cannot_be_written_keeps_nothing_that_comes_later(
    harbour_store: Store, memory: QuestionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise LedgerError("It is away.", "")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "ledger", property(fails))
        memory.record(asked("lost"))
        _until(lambda: not memory._waiting)
    memory.record(asked("kept"))
    assert memory.share_with_owners("kept", "U1") is True
    assert harbour_store.ledger.asked.get("lost") is None


def test_it_is_deleted_at_the_start_and_again_and_again(
    harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_module, "DAY_S", 0.05)
    harbour_store.ledger.asked.keep(asked("first", at=datetime.now(UTC) - timedelta(7.01)))
    harbour_store.ledger.asked.keep(asked("new", at=datetime.now(UTC) - timedelta(6.99)))
    memory = QuestionLog(harbour_store, days=7)
    memory.start()
    _until(lambda: harbour_store.ledger.asked.get("first") is None)
    harbour_store.ledger.asked.keep(asked("second", at=datetime.now(UTC) - timedelta(8)))
    _until(lambda: harbour_store.ledger.asked.get("second") is None)
    memory.stop(SECONDS)
    assert harbour_store.ledger.asked.get("new") is not None


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_with_no_days_nothing_is_kept_and_what_was_is_deleted(harbour_store: Store) -> None:
    harbour_store.ledger.asked.keep(asked("before"))
    memory = QuestionLog(harbour_store, days=0)
    assert not memory.keeps
    memory.delete_old()
    memory.record(asked("after"))
    memory.stop(SECONDS)
    assert harbour_store.ledger.asked.get("before") is None
    assert harbour_store.ledger.asked.get("after") is None


def test_locked_ledger_is_logged_and_delays_no_caller(
    harbour_store: Store,
    memory: QuestionLog,
    locked: sqlite3.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    started = time.monotonic()
    with caplog.at_level(logging.WARNING):
        memory.record(asked(text="nobody's business"))
        assert time.monotonic() - started < 0.1
        with pytest.raises(LedgerError, match=r"held by another process|is busy"):
            memory.delete_user_data("U1")
    assert "write failed" in caplog.text
    assert "nobody's business" not in caplog.text
    locked.execute("ROLLBACK")
    memory.record(asked("b"))
    assert memory.share_with_owners("b", "U1") is True


def test_pending_writes_are_bounded(
    memory: QuestionLog,
    locked: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(memory_module, "MAX_PENDING", 2)
    monkeypatch.setattr(memory_module, "MAX_BATCH", 1)
    for number in range(5):
        memory.record(asked(f"{number}"))
    assert len(memory._waiting) <= 2
    assert "write dropped, the queue is full" in caplog.text


def test_record_after_stop_is_dropped_without_raising(
    memory: QuestionLog, caplog: pytest.LogCaptureFixture
) -> None:
    memory.stop(SECONDS)
    memory.record(asked())
    assert "stopping" in caplog.text
    with pytest.raises(LedgerError):
        memory.delete_user_data("U1")


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASK, NEAR, DEFINE = (Request(name, " what \n is x? ") for name in ("ask", "near", "define"))


def kept(reply: Reply, request: Request | None, person: str = "U1") -> QuestionRecord | None:
    asked = QuestionRecord(id="a", at=NOON, person=person, place="public", channel="C1")
    return record_from_reply(asked, request, reply)


@pytest.mark.parametrize(
    ("kind", "request_", "outcome"),
    [
        ("answer", ASK, "answered"),
        ("declined", ASK, "sparse"),
        ("neighbours", NEAR, "answered"),
        ("sparse", NEAR, "sparse"),
        ("entry", DEFINE, "answered"),
    ],
)
def test_what_was_asked_is_kept_with_what_came_of_it(
    kind: str, request_: Request, outcome: str
) -> None:
    question = kept(reply(kind, "x"), request_)
    assert question is not None
    assert question.text == "what is x?"
    assert (question.outcome, question.entries[0], question.generation) == (outcome, "x", "x")
    assert (question.person, question.place, question.channel) == ("U1", "public", "C1")
    assert question.told is False


def test_what_is_kept_of_answers_declines_buttons_and_unknown_names() -> None:
    told = kept(answer("the words"), ASK)
    assert told is not None
    assert told.answer == "the words"
    near = kept(replace(answer("x", answered=False), sparse=False), ASK)
    assert near is not None
    assert near.outcome == "declined", "a decline near to something is no empty place"
    found = neighbours("top-k-sampling")
    named = replace(found, neighbours=(replace(found.neighbours[0], term="Top-k sampling"),))
    pressed = kept(named, Request("near", "top-k-sampling"))
    assert pressed is not None
    assert pressed.text == "Top-k sampling", "a button asks by an id"
    missing = Problem(code="not_found", message="There is none.")
    unknown = kept(missing, DEFINE)
    assert unknown is not None
    assert (unknown.outcome, unknown.entries, unknown.answer) == ("unknown", (), "")
    assert kept(missing, NEAR) is None  # a category that there is not
    assert kept(replace(missing, code="ledger"), DEFINE) is None


def test_nothing_is_kept_of_what_is_no_question() -> None:
    questions = ("answer", "declined", "neighbours", "sparse", "entry", "senses")
    others = [kind for kind in KINDS if kind not in questions]
    assert [kind for kind in others if kept(reply(kind, "x"), ASK) is not None] == []
    assert kept(answer("x"), None) is None
    assert kept(answer("x"), ASK, person="") is None


def test_deleting_is_said_or_typed_as_a_command() -> None:
    for line, deletes in {
        "please delete my data!": True,
        "  /NEAR   DELETE MY DATA  ": True,
        "how do I delete my data?": False,
        "/define delete my data": False,
    }.items():
        request = parse(line)
        assert isinstance(request, Request)
        assert (request.command == "forget") is deletes
