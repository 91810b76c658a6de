"""Questions and votes in the ledger, on each database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from index.storage.db import DeletedUserData, Ledger, PopularQuestion, QuestionRecord, Summary

pytestmark = pytest.mark.databases

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def question_record(name: str, **others: Any) -> QuestionRecord:
    given: dict[str, Any] = {
        "at": NOON,
        "person": "U1",
        "place": "public",
        "channel": "C1",
        "text": f"What is {name}?",
        "outcome": "answered",
        "answer": f"{name} is a thing.",
        "entries": (f"{name}-entry", "other"),
        "generation": "g000001",
    }
    return QuestionRecord(id=name, **given | others)


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


def test_an_edited_question_replaces_the_old_one_without_its_votes(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    ledger.questions.vote("a", "U2", helpful=True, at=NOON)
    ledger.questions.share_with_owners("a", "U1")
    ledger.questions.keep(question_record("a", text="Another?"))
    assert ledger.questions.get("a") == question_record("a", text="Another?")
    assert ledger.questions.summary(NOON) == Summary(1, 1, 0, 0, 0)


def test_a_repeated_delivery_keeps_the_votes(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    ledger.questions.vote("a", "U2", helpful=True, at=NOON)
    ledger.questions.share_with_owners("a", "U1")
    ledger.questions.keep(question_record("a"))
    assert ledger.questions.get("a") == question_record("a", told=True)
    assert ledger.questions.summary(NOON) == Summary(1, 1, 0, 1, 0)


def test_a_user_has_one_vote_per_question_and_can_change_it(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    for minute, helpful in enumerate((True, True, False)):
        assert ledger.questions.vote("a", "U1", helpful=helpful, at=later(minute))
    assert ledger.questions.vote("a", "U2", helpful=True, at=later(3))
    assert ledger.questions.summary(NOON) == Summary(1, 1, 0, 1, 1)


def test_a_repeated_vote_does_not_undo_a_later_one(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    ledger.questions.vote("a", "U1", helpful=True, at=later(1))
    ledger.questions.vote("a", "U1", helpful=False, at=later(2))
    assert ledger.questions.vote("a", "U1", helpful=True, at=later(1))
    assert ledger.questions.summary(NOON) == Summary(1, 1, 0, 0, 1)


def test_only_the_asker_may_share_a_question_with_the_owners(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a", place="direct"))
    assert not ledger.questions.share_with_owners("a", "U2")
    assert not ledger.questions.share_with_owners("b", "U1")
    assert ledger.questions.get("a") == question_record("a", place="direct")
    assert ledger.questions.share_with_owners("a", "U1")
    assert ledger.questions.get("a") == question_record("a", place="direct", told=True)


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


@pytest.mark.parametrize("place", ["private", "direct", "terminal"])
def test_private_questions_are_not_listed(ledger: Ledger, place: str) -> None:
    ledger.questions.keep(question_record("a", place=place))
    ledger.questions.share_with_owners("a", "U1")  # shared with the owners, not with everybody
    assert ledger.questions.most_asked(10) == []


def test_the_summary_counts_questions_since_the_given_time(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a"))
    ledger.questions.keep(question_record("b", at=later(10), person="U2", place="direct"))
    ledger.questions.vote("a", "U3", helpful=False, at=later(1))
    ledger.questions.vote("b", "U3", helpful=True, at=later(11))
    assert ledger.questions.summary(NOON) == Summary(2, 2, 0, 1, 1)
    assert ledger.questions.summary(later(5)) == Summary(1, 1, 0, 1, 0)


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
