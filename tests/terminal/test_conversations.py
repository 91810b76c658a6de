"""In forty written conversations about the bundled encyclopedia, four in five turns cite their
entry.

A line in conversations.jsonl is a conversation of two to five turns. A turn has a text, the id of
the right entry (empty if no entry answers it), and a kind. Odd lines were used during development;
even lines were not.
"""

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
SEVERAL = ("difference", "list")  # kinds of turns that more than one entry answers


def is_right(turn: Turn, reply: Reply) -> bool:
    """Whether a reply is right: it cites the entry first (or anywhere, if several entries answer),
    or abstains if the turn has no entry."""
    if not isinstance(reply, Answer):
        return False
    cited = [place.id for place in reply.citations]
    if not turn["entry"]:
        return not reply.answered
    return turn["entry"] in (cited if turn["kind"] in SEVERAL else cited[:1])


def right_turns(assistant: Assistant, turns: list[Turn]) -> list[bool]:
    """Return, for each turn in a conversation, whether the reply is right."""
    thread = NO_THREAD
    right = []
    for turn in turns:
        reply = assistant.ask(turn["say"], thread=thread)
        thread = thread.after(reply)
        right.append(is_right(turn, reply))
        if not right[-1]:
            found = [place.id for place in reply.citations] if isinstance(reply, Answer) else reply
            print(f"{turn['say']!r} wants {turn['entry'] or 'nothing'}, not {found}")
    return right


def test_four_in_five_turns_cite_their_entry(real_desk: Assistant) -> None:
    every = []
    for half, conversations in HALVES.items():
        right = [one for turns in conversations for one in right_turns(real_desk, turns)]
        print(f"{half}: {sum(right)} of {len(right)} turns are right")
        every += right
    assert sum(every) >= 0.8 * len(every)


@pytest.mark.parametrize(
    ("line", "confidences"),
    [
        ("which size is best?", {"sure", "quite sure"}),
        ("any drawbacks?", {"quite sure", "not sure"}),
        ("what's for lunch?", {"not sure", "none"}),
        ("who won yesterday?", {"not sure", "none"}),
        ("where do I park?", {"not sure", "none"}),
    ],
)
def test_short_follow_up_is_hedged_or_declined_unless_the_topic_covers_it(
    real_desk: Assistant, line: str, confidences: set[str]
) -> None:
    reply = real_desk.ask(line, thread=NO_THREAD.after(real_desk.ask("what is chunking?")))
    assert isinstance(reply, Answer)
    assert reply.confidence in confidences
    assert {place.id for place in reply.citations} <= {"chunking"}


def test_follow_up_that_excludes_an_entry_does_not_cite_it(real_desk: Assistant) -> None:
    thread = NO_THREAD
    for line in ("temperature vs top-p", "which one should I change?", "without temperature"):
        reply = real_desk.ask(line, thread=thread)
        thread = thread.after(reply)
    assert isinstance(reply, Answer)
    assert [place.id for place in reply.citations] == ["top-p-sampling"]
