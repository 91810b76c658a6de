"""The modal to ask in keeps to Slack's limits at the worst input, and remembers where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.blocks import Asked
from bot.slack.modals import (
    QUESTION,
    View,
    answer_modal,
    ask_modal,
    question_in,
    working_modal,
)
from index.space.thread import NO_THREAD, Thread
from tests.bot.slack import WORST, answer, dangers
from tests.workspace.blockkit_rules import MESSAGE_TEXT, check_view
from tests.workspace.model import elements_in, texts_in

LONG = Thread("x" * 500, tuple(f"{'e' * 90}{at}" for at in range(25)), ("a heading",) * 25)
VOTES = Asked(question="0" * 16, in_modal=True)


def fits(view: View) -> None:
    """Asserts all that Slack asks of a modal, and that nothing is live but the line to type in."""
    assert list(check_view(view)) == []
    assert sum(map(len, texts_in(view["blocks"]))) <= MESSAGE_TEXT
    for block in view["blocks"]:
        ids = [element["action_id"] for element in elements_in([block])]
        assert len(ids) == len(set(ids))
    typed = ("'input'", "'plain_text_input'")
    assert [fault for fault in dangers(view) if not fault.endswith(typed)] == []


@pytest.mark.parametrize("name", WORST)
def test_while_it_works_the_question_is_shown(name: str) -> None:
    view = working_modal(WORST[name](3_000))
    fits(view)
    assert "submit" not in view


def test_what_was_typed_does_not_stay_for_the_next_question() -> None:
    found = answer(WORST["short"])
    views = [ask_modal(), *(answer_modal(q, found, NO_THREAD, VOTES) for q in ("one?", "two?"))]
    assert len({view["blocks"][-1]["block_id"] for view in views}) == 3


@pytest.mark.parametrize(
    ("given", "question"),
    [
        ({"state": {"values": {"b": {QUESTION: {"value": " why? "}}}}}, "why?"),
        ({"state": {"values": {"b": {QUESTION: {"value": None}}}}}, ""),
        ({"state": {"values": {"b": {"other": {"value": "why?"}}}}}, ""),
        ({"state": {}}, ""),
        ({}, ""),
    ],
    ids=["typed", "nothing typed", "another line", "no values", "no state"],
)
def test_what_was_typed_is_the_question(given: dict[str, Any], question: str) -> None:
    assert question_in(given) == question
