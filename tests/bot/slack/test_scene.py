"""What a conversation tells the bot: its answers, whose state they carry, and what came last."""

from __future__ import annotations

from typing import Any

from bot.slack.scene import Posted, metadata_of, posted_of, scene_of
from index.space.thread import NO_THREAD, Thread

BOT = "U0BOT"
STATE = Thread("what is a buoy?", ("buoy",), ("Definition",))


def said(ts: str, text: str = "x", **fields: Any) -> dict[str, Any]:
    return {"user": "U1", "ts": ts, "text": text} | fields


def answer(ts: str, question: str, thread: Thread = STATE, **fields: Any) -> dict[str, Any]:
    written = {
        "user": BOT,
        "ts": ts,
        "bot_id": "B0",
        "metadata": metadata_of(question, thread, "U1"),
    }
    return written | fields


def test_what_is_no_answer_of_the_bot_carries_nothing() -> None:
    strange = {"event_type": "other", "event_payload": {"question": "1.0"}}
    for message in (
        said("2.0"),
        answer("2.0", "1.0", user="U1"),
        answer("2.0", "1.0", metadata=strange),
        answer("2.0", "1.0", metadata=None),
        answer("2.0", "1.0", metadata={}),
    ):
        assert posted_of(message, BOT) is None


def test_state_that_cannot_be_read_is_a_new_thread() -> None:
    metadata = metadata_of("1.0", STATE, "U1")
    metadata["event_payload"]["thread"] = "{"
    found = posted_of(answer("2.0", "1.0", metadata=metadata), BOT)
    assert found == Posted("2.0", "1.0", NO_THREAD, "U1")


def test_the_latest_answer_is_the_last_before_the_moment() -> None:
    messages = [said("1.0"), answer("2.0", "1.0"), answer("10.0", "9.0"), said("11.0")]
    scene = scene_of(messages, BOT, "11.0")
    for before, ts in (("11.0", "10.0"), ("10.0", "2.0"), ("2.0", None)):
        latest = scene.latest(before)
        assert (latest.ts if latest else None) == ts


def test_whether_people_spoke_since_the_last_answer_is_known() -> None:
    messages = [said("1.0"), answer("2.0", "1.0"), said("3.0"), said("4.0")]
    assert not scene_of(messages, BOT, "3.0").interrupted
    assert scene_of(messages, BOT, "4.0").interrupted


def test_a_conversation_begins_with_a_persons_words_or_with_none() -> None:
    assert scene_of([said("1.0", "look")], BOT, "2.0").opening == "look"
    assert scene_of([said("1.0", "look", bot_id="B1")], BOT, "2.0").opening == ""
    deleted = said("1.0", "This message was deleted.", subtype="tombstone")
    assert scene_of([deleted], BOT, "2.0").opening == ""
    assert scene_of([], BOT, "2.0").opening == ""
