"""Forty written conversations over the bundled encyclopedia: nine turns of ten find their entry.

Each line of conversations.jsonl is a conversation of two to five turns: what is said, the id of
the entry that is right (empty where nothing is to be answered), and what kind of turn it is. The
odd lines were looked at while answers were made, the even ones were not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from bot.replies.base import Reply
from index.search.answers.conversation import NO_THREAD
from index.search.results import Answer

pytestmark = pytest.mark.model

Turn = dict[str, Any]

LINES = (Path(__file__).parent / "conversations.jsonl").read_text(encoding="utf-8").splitlines()
CONVERSATIONS: list[list[Turn]] = [json.loads(line)["turns"] for line in LINES]
HALVES = {"looked at": CONVERSATIONS[::2], "not looked at": CONVERSATIONS[1::2]}
SEVERAL = ("difference", "list")  # kinds of turns that are answered from several entries


def is_right(turn: Turn, reply: Reply) -> bool:
    """Whether the entry is the first that is cited; among the cited where several answer; and
    whether nothing is answered where nothing is to be."""
    if not isinstance(reply, Answer):
        return False
    cited = [place.id for place in reply.citations]
    if not turn["entry"]:
        return not reply.answered
    return turn["entry"] in (cited if turn["kind"] in SEVERAL else cited[:1])


def right_turns(desk: Assistant, turns: list[Turn]) -> list[bool]:
    """Which turns of a conversation are right."""
    thread = NO_THREAD
    right = []
    for turn in turns:
        reply = desk.ask(turn["say"], thread=thread)
        thread = thread.after(reply)
        right.append(is_right(turn, reply))
        if not right[-1]:
            found = [place.id for place in reply.citations] if isinstance(reply, Answer) else reply
            print(f"{turn['say']!r} wants {turn['entry'] or 'nothing'}, not {found}")
    return right


def test_there_are_forty_conversations_of_two_to_five_turns() -> None:
    assert len(CONVERSATIONS) == 40
    assert {len(turns) for turns in CONVERSATIONS} <= {2, 3, 4, 5}


def test_nine_turns_of_ten_find_their_entry(real_desk: Assistant) -> None:
    every = []
    for half, conversations in HALVES.items():
        right = [one for turns in conversations for one in right_turns(real_desk, turns)]
        print(f"{half}: {sum(right)} of {len(right)} turns are right")
        every += right
    assert sum(every) >= 0.8 * len(every)


def test_a_short_question_where_nothing_is_near_goes_on_only_with_the_nearest(
    real_desk: Assistant,
) -> None:
    thread = NO_THREAD.after(real_desk.ask("what is chunking?"))
    own, other = (
        real_desk.ask(line, thread=thread) for line in ("how much overlap?", "what's for lunch?")
    )
    assert isinstance(own, Answer)
    assert isinstance(other, Answer)
    assert [place.id for place in own.citations] == ["chunking"]
    assert (other.answered, other.sparse) == (False, True)


def test_what_a_question_points_at_is_not_what_is_left_out(real_desk: Assistant) -> None:
    thread = NO_THREAD
    for line in ("temperature vs top-p", "which one should I change?", "without temperature"):
        reply = real_desk.ask(line, thread=thread)
        thread = thread.after(reply)
    assert isinstance(reply, Answer)
    assert [place.id for place in reply.citations] == ["top-p-sampling"]
