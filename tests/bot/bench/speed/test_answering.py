from __future__ import annotations

import json

import pytest

from bot.bench.speed.answering import at_a_desk
from bot.bench.speed.contender import Question
from bot.bench.speed.worker import ContenderFailed
from index.store import Store
from tests.support.toy import ToyEmbedder


def test_a_line_goes_in_and_a_rendered_reply_comes_out(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    category = harbour_store.current().entries["buoy"].category
    question = Question("a floating mark in the water", category, 0)
    ways = at_a_desk(harbour_store, toy)
    plain = ways["plain"](question)
    assert "Buoy" in json.dumps(json.loads(str(plain())))
    filtered = json.loads(str(ways["filtered"](question)()))
    assert "Buoy" in json.dumps(filtered)


def test_an_answer_that_is_a_problem_is_none(harbour_store: Store, toy: ToyEmbedder) -> None:
    ways = at_a_desk(harbour_store, toy)
    with pytest.raises(ContenderFailed, match="There is no category"):
        ways["filtered"](Question("a mark", "Nowhere", 0))()
