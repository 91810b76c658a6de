"""Answers as Block Kit: nothing in them is live, and their buttons open and ask what they say."""

from __future__ import annotations

from bot.slack.answer_blocks import ASK, OPEN
from bot.slack.blocks import Asked, message_of
from index.space.results import Citation
from tests.bot.slack import WORST, answer, buttons
from tests.workspace.model import texts_in


def test_an_answer_opens_where_it_stands_and_asks_on() -> None:
    found = answer(WORST["short"], 2, confidence="quite sure", follow_ups=("why?", "how?"))
    message = message_of(found, Asked(in_thread=True))
    assert [(item["action_id"], item["value"]) for item in buttons(message.blocks)] == [
        (f"{OPEN}_0", "entry-1"),
        (f"{OPEN}_1", "entry-2"),
        (f"{ASK}_0", "why?"),
        (f"{ASK}_1", "how?"),
    ]
    assert [t for t in texts_in(message.blocks) if ":" in t] == [
        "From:",
        "You could ask next:",
    ]
    assert message.text.endswith('Next: "why?" · "how?"')


def test_a_weak_answer_says_so_before_it() -> None:
    found = answer(WORST["short"], 1, confidence="not sure")
    message = message_of(found, Asked(in_thread=True))
    assert texts_in(message.blocks)[0] == "No entry answers this directly. Closest:"
    assert message.text.startswith("No entry answers this directly. Closest:")


def test_a_question_back_has_its_choices_as_buttons() -> None:
    found = answer(
        WORST["short"], answered=False, confidence="none", citations=(), follow_ups=("x?", "y?")
    )
    message = message_of(found, Asked(in_thread=True))
    shown = [item["action_id"] for item in buttons(message.blocks)]
    assert shown[:2] == [f"{ASK}_0", f"{ASK}_1"]
    assert f"{OPEN}_0" not in shown


def test_a_list_comes_from_nowhere_and_opens_its_entries() -> None:
    found = answer(WORST["short"], citations=(Citation("entry-7", "x", ""),), follow_ups=())
    message = message_of(found, Asked(in_thread=True))
    assert "From:" not in texts_in(message.blocks)
    assert [item["value"] for item in buttons(message.blocks)] == ["entry-7"]
