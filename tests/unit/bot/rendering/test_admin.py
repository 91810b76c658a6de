"""Replies to admin commands as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rendering.admin import lines_of
from index.build.reindex import ChangedQuestion, Churn, Reindexed
from tests.unit.bot.samples import reply


def churn_lines(churn: Churn) -> list[str]:
    done = reply("reindexed", "g000002")
    assert isinstance(done, Reindexed)
    return lines_of(replace(done, churn=churn))[1:]


def test_churn_names_the_most_changed_questions() -> None:
    churn = Churn(
        questions=300, changed=7, first=2, worst=(ChangedQuestion(question="what?", changed=9),)
    )
    counts, worst = churn_lines(churn)
    assert counts.startswith("7 of 300 test questions have new neighbours")
    assert worst == 'Most changed: "what?" (9)'


@pytest.mark.parametrize("questions", [0, 300])
def test_no_churn_is_one_line(questions: int) -> None:
    assert len(churn_lines(Churn(questions=questions, changed=0, first=0, worst=()))) == 1
