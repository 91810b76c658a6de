"""The state of a thread: updates, and the serialized form."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.answers.conversation import (
    ENTRIES,
    LONGEST_JSON,
    LONGEST_QUESTION,
    NO_THREAD,
    TOPICS,
    Conversation,
)
from index.search.results import Answer, Citation, Neighbours
from tests.unit.bot import samples


def answered(question: str, *places: tuple[str, str], **changes: Any) -> Answer:
    """An answer from these entries and headings; an abstention without them."""
    citations = tuple(Citation(entry, entry.title(), heading) for entry, heading in places)
    reply = replace(samples.answer("x", answered=bool(places)), follow_ups=())
    return replace(reply, question=question, citations=citations, **changes)


def near(query: str, *entries: str, sparse: bool = False) -> Neighbours:
    found = tuple(samples.neighbour(entry, rank) for rank, entry in enumerate(entries, start=1))
    return replace(samples.neighbours(query, sparse=sparse), neighbours=found)


def test_a_follow_up_does_not_replace_the_question_of_the_thread() -> None:
    thread = NO_THREAD.after(answered("who looks after a buoy?", ("buoy", "Questions")))
    assert thread.after(answered("more", ("buoy", "x"))).question == "who looks after a buoy?"
    assert thread.after(answered("why is it red?", ("buoy", "x"))).question == "why is it red?"


def test_neighbours_are_numbered_in_the_order_shown() -> None:
    thread = NO_THREAD.after(near("a mark at sea", "buoy", "lighthouse"))
    assert thread == Conversation("a mark at sea", ("buoy", "lighthouse"))
    assert thread.focus == "buoy"
    assert thread.numbered == ("buoy", "lighthouse")


def test_showing_an_entry_puts_it_in_focus() -> None:
    assert NO_THREAD.after(samples.entry_reply("buoy")) == Conversation("buoy", ("buoy", "buoy"))


@pytest.mark.parametrize(
    "reply",
    [
        answered("how to roast a chicken"),
        answered("list all", confidence="sure", answered=True),
        near("chicken", "dock", sparse=True),
        near("chicken"),
        "something else",
    ],
)
def test_replies_without_an_answer_do_not_change_the_thread(reply: object) -> None:
    thread = Conversation("what is a buoy?", ("buoy", "dock"), ("Definition",))
    assert thread.after(reply) == thread


def test_questions_and_lists_are_truncated() -> None:
    long = answered("x" * 900, *((f"entry-{at}", "") for at in range(60)))
    thread = NO_THREAD.after(long)
    assert len(thread.question) == LONGEST_QUESTION
    assert len(thread.entries) == ENTRIES


texts = st.text(max_size=600)
threads = st.builds(
    Conversation,
    question=texts,
    entries=st.lists(st.text(min_size=1, max_size=300), max_size=ENTRIES).map(tuple),
    told=st.lists(texts, max_size=30).map(tuple),
    earlier=st.lists(st.text(min_size=1, max_size=300), max_size=TOPICS).map(tuple),
)


@given(threads)
def test_serialized_state_is_bounded_and_can_be_parsed(thread: Conversation) -> None:
    text = thread.to_json()
    assert len(text) <= LONGEST_JSON
    back = Conversation.from_json(text)
    assert thread.question.startswith(back.question)
    assert thread.entries[: len(back.entries)] == back.entries
    assert back.told == thread.told[len(thread.told) - len(back.told) :]


@pytest.mark.parametrize(
    "text",
    ["", "no json", "null", "{}", json.dumps({"question": "x", "entries": [1]}), "[" * 100_000],
)
def test_invalid_state_is_read_as_a_new_thread(text: str) -> None:
    assert Conversation.from_json(text) == NO_THREAD


def test_state_of_an_older_version_is_read() -> None:
    text = json.dumps({"question": "x", "entries": ["buoy"]})
    assert Conversation.from_json(text) == Conversation("x", ("buoy",))
