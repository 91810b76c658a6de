"""Admins' replies in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.admin.phrases import lines_of
from index.reindex import Churn, Plan, Reindexed, Worst

DONE = Reindexed(
    generation="g000002",
    before="g000001",
    model="toy",
    added=1_234,
    changed=2,
    removed=3,
    unchanged=4,
    embedded=5_678,
    reused=6,
    seconds=7.5,
)


def test_a_plan_is_told_in_counts() -> None:
    planned = Plan(generation=None, model="toy", added=1_234, changed=2, removed=3, unchanged=4)
    planned = replace(planned, embedded=5)
    told, embedded = lines_of(planned)
    assert embedded == "5 passages would be embedded."
    assert "1,234 added, 2 changed, 3 removed, 4 unchanged" in told
    assert "Nothing was changed." in told


def test_a_reindex_is_told_in_counts() -> None:
    (told,) = lines_of(DONE)
    assert told.startswith("g000002 is live.")
    assert "5,678 passages embedded, 6 reused · 7.5 s" in told


def test_a_reindex_that_found_nothing_to_do_says_so() -> None:
    (told,) = lines_of(replace(DONE, generation="g000001", unchanged=12, seconds=0.2))
    assert told == "Nothing changed: g000001 stays live, with 12 entries. 0.2 s"


def test_churn_names_the_questions_that_changed_most() -> None:
    churn = Churn(questions=300, changed=7, first=2, worst=(Worst(question="what?", changed=9),))
    _, told, worst = lines_of(replace(DONE, churn=churn))
    assert told.startswith("7 of 300 test questions have new neighbours")
    assert worst == 'Most changed: "what?" (9)'


@pytest.mark.parametrize("questions", [0, 300])
def test_no_churn_is_told_in_one_line(questions: int) -> None:
    churn = Churn(questions=questions, changed=0, first=0, worst=())
    assert len(lines_of(replace(DONE, churn=churn))) == 2
