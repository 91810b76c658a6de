"""Missed questions, on each database."""

import pytest

from index.storage.db.ledger import Ledger
from index.storage.db.usage_stats import MissedQuestion
from tests.unit.index.storage.db.test_questions import NOON, later, question_record

pytestmark = pytest.mark.databases


def texts(ledger: Ledger) -> set[str]:
    return {missed.text for missed in ledger.usage_stats.missed(NOON)}


def test_unanswered_questions_are_listed_as_missed(ledger: Ledger) -> None:
    for at, outcome in enumerate(("answered", "declined", "sparse", "unknown")):
        ledger.questions.keep(question_record(outcome, outcome=outcome, text=outcome, at=later(at)))
    assert ledger.usage_stats.missed(NOON) == [
        MissedQuestion("unknown", "U1", later(3), by_name=True),
        MissedQuestion("sparse", "U1", later(2)),
        MissedQuestion("declined", "U1", later(1)),
    ]


def test_a_question_with_mostly_negative_votes_is_listed_as_missed(ledger: Ledger) -> None:
    for name in ("bad", "good", "even", "unvoted"):
        ledger.questions.keep(question_record(name, text=name))
    for name, votes in {"bad": [False], "good": [True, True, False], "even": [True, False]}.items():
        for person, helpful in enumerate(votes):
            ledger.questions.vote(name, f"U{person}", helpful=helpful, at=NOON)
    assert texts(ledger) == {"bad", "even"}
