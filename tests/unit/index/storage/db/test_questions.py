"""Questions and votes in the ledger, on each database."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from index.storage.db.ledger import Ledger
from index.storage.db.questions import DeletedUserData, PopularQuestion, Summary
from tests.support.questions import question_record as any_record

pytestmark = pytest.mark.databases

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


question_record = partial(
    any_record, at=NOON, answer="A thing.", entries=("one", "other"), generation="g000001"
)


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_long_texts_are_truncated(ledger: Ledger) -> None:
    long = question_record(
        "a", text="x" * 5_000, answer="y" * 9_000, entries=tuple(map(str, range(50)))
    )
    ledger.questions.keep(long)
    kept = ledger.questions.get("a")
    assert kept is not None
    assert (len(kept.text), len(kept.answer), len(kept.entries)) == (1_000, 3_000, 20)


def test_a_repeated_delivery_keeps_the_votes(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    ledger.questions.vote("a", "U2", helpful=True, at=NOON)
    ledger.questions.share_with_owners("a", "U1")
    ledger.questions.keep(question_record("a"))
    assert ledger.questions.get("a") == question_record("a", told=True)
    assert ledger.questions.summary(NOON) == Summary(1, 1, 0, 1, 0)


def test_a_repeated_vote_does_not_undo_a_later_one(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    ledger.questions.vote("a", "U1", helpful=True, at=later(1))
    ledger.questions.vote("a", "U1", helpful=False, at=later(2))
    assert ledger.questions.vote("a", "U1", helpful=True, at=later(1))
    assert ledger.questions.summary(NOON) == Summary(1, 1, 0, 0, 1)


def test_recent_questions_list_a_users_distinct_questions_newest_first(ledger: Ledger) -> None:
    for at, (name, text) in enumerate(
        [("a", "Why?"), ("b", "How?"), ("c", "WHY?"), ("d", "When?")]
    ):
        ledger.questions.keep(question_record(name, text=text, at=later(at), place="private"))
    ledger.questions.keep(question_record("e", person="U2", at=later(9)))
    assert [question.id for question in ledger.questions.recent("U1", 10)] == ["d", "c", "b"]
    assert [question.id for question in ledger.questions.recent("U1", 1)] == ["d"]


def test_most_asked_questions_are_ranked_by_number_of_users(ledger: Ledger) -> None:
    for at, person in enumerate(["U1", "U1", "U1", "U2"]):
        ledger.questions.keep(
            question_record(f"a{at}", text="What is RAG?", person=person, entries=("rag",))
        )
    for at, person in enumerate(["U1", "U2", "U3"]):
        text = ("How?", "how?", "HOW?")[at]
        ledger.questions.keep(
            question_record(f"b{at}", text=text, person=person, entries=("tool",))
        )
    first, second = ledger.questions.most_asked(10)
    assert (first.what.casefold(), first.people) == ("how?", 3)
    assert second == PopularQuestion("What is RAG?", 2)
    assert ledger.questions.most_asked(1) == [first]


def test_only_the_users_own_data_is_deleted(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    ledger.questions.keep(question_record("b", person="U2"))
    for question in ("a", "b"):
        for person in ("U1", "U2"):
            ledger.questions.vote(question, person, helpful=True, at=NOON)
    assert ledger.questions.forget("U1") == DeletedUserData(1, 2)
    assert ledger.questions.get("a") is None
    assert ledger.questions.get("b") is not None
    assert ledger.questions.summary(NOON) == Summary(1, 1, 0, 1, 0)
    assert ledger.questions.forget("U1") == DeletedUserData(0, 0)


def test_old_questions_are_deleted(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    ledger.questions.keep(question_record("b", at=later(10)))
    ledger.questions.vote("a", "U2", helpful=True, at=later(20))
    assert ledger.questions.forget_older(later(10)) == 1
    assert ledger.questions.get("b") is not None
    assert ledger.questions.summary(NOON) == Summary(1, 1, 0, 0, 0)
