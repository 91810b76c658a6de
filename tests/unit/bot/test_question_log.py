"""The question log writes in the background, deletes old records, and never delays an answer."""

import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import question_log as question_log_module
from bot.commands.spec import Request
from bot.question_log import QuestionLog, record_from_reply
from bot.replies.base import Problem, Reply
from index.errors import LedgerError
from index.storage import Store
from index.storage.db.questions import DeletedUserData, QuestionRecord
from tests.support.questions import question_record
from tests.support.waiting import wait_until
from tests.unit.bot.samples import KINDS, answer, neighbours, reply

TIMEOUT_S = 10  # timeout for background writes


@pytest.fixture
def log(harbour_store: Store) -> Iterator[QuestionLog]:
    kept = QuestionLog(harbour_store)
    yield kept
    kept.stop(TIMEOUT_S)


@pytest.fixture
def locked(harbour_store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Yield a connection that holds a write lock on the ledger, as another process would."""
    monkeypatch.setattr("index.storage.db.database.BUSY", 0.2)
    other = sqlite3.connect(harbour_store.directory / "ledger.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_questions_and_votes_are_written_and_deleted_in_order(
    harbour_store: Store, log: QuestionLog
) -> None:
    log.record(question_record())
    now = datetime.now(UTC)
    assert log.vote("a", "C1", "U2", helpful=True, at=now)
    assert not log.vote("a", "C2", "U2", helpful=True, at=now), (
        "the question was asked in another channel"
    )
    assert not log.vote("b", "C1", "U2", helpful=True, at=now)
    summary = harbour_store.ledger.questions.summary(now - timedelta(1))
    assert (summary.questions, summary.helpful, summary.not_helpful) == (1, 1, 0)
    assert [log.share_with_owners(*one) for one in (("a", "U2"), ("a", "U1"), ("b", "U1"))] == [
        *(False, True),
        None,
    ]
    assert log.delete_user_data("U1") == DeletedUserData(1, 0)
    assert log.delete_user_data("U1") == DeletedUserData(0, 0)
    log.record(question_record())
    log.remove("a")
    log.stop(TIMEOUT_S)
    assert harbour_store.ledger.questions.get("a") is None


def test_a_failed_write_does_not_affect_later_ones(
    harbour_store: Store, log: QuestionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise LedgerError("It is away.", "")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "ledger", property(fails))
        log.record(question_record("lost"))
        with pytest.raises(LedgerError, match="away"):
            log.delete_user_data("nobody")  # waits for the write before
    log.record(question_record("kept"))
    assert log.share_with_owners("kept", "U1") is True
    assert harbour_store.ledger.questions.get("lost") is None


def test_old_questions_are_deleted_on_start_and_regularly(
    harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_log_module, "DAY_S", 0.05)
    harbour_store.ledger.questions.keep(
        question_record("first", at=datetime.now(UTC) - timedelta(7.01))
    )
    harbour_store.ledger.questions.keep(
        question_record("new", at=datetime.now(UTC) - timedelta(6.99))
    )
    log = QuestionLog(harbour_store, days=7)
    log.start()
    wait_until(lambda: harbour_store.ledger.questions.get("first") is None)
    harbour_store.ledger.questions.keep(
        question_record("second", at=datetime.now(UTC) - timedelta(8))
    )
    wait_until(lambda: harbour_store.ledger.questions.get("second") is None)
    log.stop(TIMEOUT_S)
    assert harbour_store.ledger.questions.get("new") is not None
    assert [QuestionLog(harbour_store, days).keeps for days in (0, 1)] == [False, True]


def test_expired_files_are_deleted_with_old_questions(
    harbour_store: Store, log: QuestionLog
) -> None:
    expired = {"exports/a/log.csv": 3_660, "maps/map-a.png": 86_460}
    kept = {"exports/b/log.csv": 3_540, "maps/map-b.png": 86_340, "maps/mine.png": 86_460}
    for name, age in (expired | kept).items():
        file = harbour_store.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        for path in (file, file.parent):
            os.utime(path, (time.time() - age,) * 2)
    log.delete_old()
    log.stop(TIMEOUT_S)
    left = {name for name in expired | kept if (harbour_store.directory / name).exists()}
    assert left == set(kept)


def test_the_queue_of_pending_writes_is_bounded(
    harbour_store: Store,
    log: QuestionLog,
    locked: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(question_log_module, "MAX_PENDING", 2)
    for number in range(5):
        log.record(question_record(f"{number}"))
    locked.rollback()
    log.stop(TIMEOUT_S)
    questions = harbour_store.ledger.questions
    assert sum(questions.get(f"{number}") is not None for number in range(5)) <= 2
    assert "the queue is full" in caplog.text


def test_a_stopped_log_records_nothing_and_does_not_raise(
    log: QuestionLog, caplog: pytest.LogCaptureFixture
) -> None:
    log.stop(TIMEOUT_S)
    log.record(question_record())
    assert "stopping" in caplog.text
    with pytest.raises(LedgerError):
        log.delete_user_data("U1")


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASK, NEAR, DEFINE = (Request(name, " what \n is x? ") for name in ("ask", "near", "define"))


def kept(reply: Reply, request: Request | None, person: str = "U1") -> QuestionRecord | None:
    question_record = QuestionRecord(id="a", at=NOON, person=person, place="public", channel="C1")
    return record_from_reply(question_record, request, reply)


def test_questions_are_logged_with_their_outcome_and_other_replies_are_not() -> None:
    found = {kind: kept(reply(kind, "x"), ASK) for kind in KINDS}
    assert {kind: record.outcome for kind, record in found.items() if record} == {
        **dict.fromkeys(("neighbours", "entry", "answer", "senses"), "answered"),
        **dict.fromkeys(("sparse", "declined"), "sparse"),
    }
    question = found["answer"]
    assert question is not None
    assert (question.text, question.entries[0], question.generation) == ("what is x?", "x", "x")
    assert (question.person, question.place, question.channel) == ("U1", "public", "C1")
    assert question.told is False
    assert kept(answer("x"), None) is None
    assert kept(answer("x"), ASK, person="") is None


def test_answers_abstentions_buttons_and_unknown_names_are_logged() -> None:
    question = kept(answer("the words"), ASK)
    assert question is not None
    assert question.answer == "the words"
    near = kept(replace(answer("x", answered=False), sparse=False), ASK)
    assert near is not None
    assert near.outcome == "declined", "a decline is not a sparse result"
    named = replace(neighbours("x"), query="Top-k sampling")
    pressed = kept(named, Request("near", "top-k-sampling#definition"))
    assert pressed is not None
    assert pressed.text == "Top-k sampling", "the term is logged, not the id of the button"
    missing = Problem(code="not_found", message="There is none.")
    unknown = kept(missing, DEFINE)
    assert unknown is not None
    assert (unknown.outcome, unknown.entries, unknown.answer) == ("unknown", (), "")
    assert kept(missing, NEAR) is None  # no such category
    assert kept(replace(missing, code="ledger"), DEFINE) is None
