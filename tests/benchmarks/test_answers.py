"""Measure answers and follow-ups on questions written without reading the bundled encyclopedia.

A line of answers/questions.jsonl is a question, the ids of the entries that answer it (joined with
"|", empty if none does), and its half. answers/conversations.jsonl has the same for the turns of
conversations; `want` is for a human reader. The tests count the entries. Run with
`-s` to read the sentences.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import Assistant
from index.search.answers.conversation import NO_THREAD
from index.search.results import Answer

pytestmark = [pytest.mark.model, pytest.mark.slow]

FOLDER = Path(__file__).parent / "answers"
HALF = "reporting"


def lines(name: str) -> list[dict[str, Any]]:
    found = (json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines())
    return [line for line in found if line["half"] == HALF]


def is_right(wanted: str, reply: Answer) -> bool:
    cited = [place.id for place in reply.citations[:1]]
    return bool(set(cited) & set(wanted.split("|"))) if wanted else not reply.answered


def show(question: str, reply: Answer) -> None:
    places = ", ".join(f"{place.term} › {place.heading}" for place in reply.citations)
    print(f"\n> {question}\n[{reply.confidence}] {places}\n{reply.text}")


def test_answers_cite_the_right_entry_or_are_declined(real_desk: Assistant) -> None:
    right, unhedged, declined = [], [], []
    for line in lines("questions.jsonl"):
        reply = real_desk.ask(line["question"])
        assert isinstance(reply, Answer)
        show(line["question"], reply)
        if line["entry"]:
            right.append(is_right(line["entry"], reply))
            unhedged.append(not right[-1] and reply.confidence in ("sure", "quite sure"))
        else:
            declined.append(not reply.answered)
    print(f"\n{sum(right)} of {len(right)} right, {sum(unhedged)} wrong and unhedged")
    print(f"{sum(declined)} of {len(declined)} that nothing answers declined")
    assert sum(right) >= 0.85 * len(right)
    assert sum(declined) >= 0.9 * len(declined)


def test_answers_to_follow_ups_cite_the_right_entry(real_desk: Assistant) -> None:
    right = []
    for conversation in lines("conversations.jsonl"):
        thread = NO_THREAD
        for turn in conversation["turns"]:
            reply = real_desk.ask(turn["say"], thread=thread)
            assert isinstance(reply, Answer)
            show(turn["say"], reply)
            thread = thread.after(reply)
            right.append(is_right(turn["entry"], reply))
    print(f"\n{sum(right)} of {len(right)} turns find their entry")
    assert sum(right) >= 0.75 * len(right)
