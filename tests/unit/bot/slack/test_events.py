"""Tests of converting message events into deliveries."""

from typing import Any

import pytest

from bot.slack.events import ThreadMessage, ThreadMode, as_command, delivery_from_event
from bot.slack.queue.delivery import Delivery

BOT = "U0BOT"
CALL = f"<@{BOT}>"
Event = dict[str, Any]


def message(text: str, **fields: Any) -> Event:
    """Build a user's message in a channel."""
    event = {"type": "message", "channel": "C1", "user": "U1", "ts": "1000.5", "text": text}
    return event | fields


def edit(before: str, after: str, seconds: float = 10, **fields: Any) -> Event:
    """Build an edit by the author, `seconds` after the message."""
    ts = f"{1000.5 + seconds}"
    event = message("", ts=ts) | {"channel": fields.get("channel", "C1")}
    now = message(after, edited={"user": "U1", "ts": ts}, **fields)
    changed = {"subtype": "message_changed", "message": now}
    return event | changed | {"previous_message": message(before, **fields)}


def deletion(text: str, **fields: Any) -> Event:
    event = message("", ts="1010.5", deleted_ts="1000.5") | {"subtype": "message_deleted"}
    return event | {"previous_message": message(text, **fields)}


def certain_delivery(event: Event, following: ThreadMode = "follow") -> Delivery | None:
    """Convert an event that is certainly addressed to the bot, and return the delivery."""
    found = delivery_from_event(event, BOT, following)
    return found if isinstance(found, Delivery) else None


@pytest.mark.parametrize(
    ("event", "line", "thread"),
    [
        (message(f"{CALL} a &lt;buoy&gt;?"), "a <buoy>?", "1000.5"),
        (message(f"{CALL} why?", type="app_mention"), "why?", "1000.5"),
        (message(f"{CALL} why?", thread_ts="900.1"), "why?", "900.1"),
        (message(f"{CALL} why?", subtype="thread_broadcast"), "why?", "1000.5"),
        (message(f"{CALL} why?", subtype="file_share"), "why?", "1000.5"),
        (message("why?", channel="D1"), "why?", ""),
        (message("why?", channel="D1", thread_ts="900.1"), "why?", "900.1"),
        (edit("why?", f"{CALL} why?"), "why?", "1000.5"),
    ],
)
def test_question_is_answered_in_its_thread(event: Event, line: str, thread: str) -> None:
    found = certain_delivery(event)
    assert found is not None
    assert (found.kind, found.line, found.thread) == ("question", line, thread)
    assert (found.message, found.user) == ("1000.5", "U1")
    is_edit = event.get("subtype") == "message_changed"
    assert found.key == f"{found.channel}/1000.5{'/named' if is_edit else ''}"


@pytest.mark.parametrize(
    ("event", "kind", "line"),
    [
        (message("what is a buoy?", thread_ts="900.1"), "reply", "what is a buoy?"),
        *(
            (message(text, thread_ts="900.1"), "reply", "")
            for text in ("<@U2> x", "<!here> x", " ")
        ),
        (edit("what is a dock?", "a buoy?", thread_ts="900.1"), "edit", "a buoy?"),
        (deletion("what is a dock?", thread_ts="900.1"), "deletion", ""),
    ],
)
def test_thread_reply_is_considered_if_threads_are_followed(
    event: Event, kind: str, line: str
) -> None:
    found = delivery_from_event(event, BOT, "follow")
    assert isinstance(found, ThreadMessage)
    assert (found.delivery.kind, found.delivery.line) == (kind, line)
    assert delivery_from_event(event, BOT, "mention") is None


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(message("what is a buoy?"), id="nobody is called"),
        pytest.param(edit("what is a dock?", "what is a buoy?"), id="nor by an edit"),
        pytest.param(deletion("what is a dock?"), id="nor by a deletion"),
        pytest.param(message(CALL, bot_id="B1"), id="a bot"),
        pytest.param(message(CALL, bot_profile={"id": "B1"}), id="a bot by its profile"),
        pytest.param(message(CALL, user=BOT), id="the bot itself"),
        pytest.param(message(CALL, user="USLACKBOT"), id="Slackbot"),
        pytest.param(message(CALL, user=None), id="nobody"),
        pytest.param(message(CALL, subtype="bot_message"), id="an old bot"),
        pytest.param(message(CALL, subtype="channel_join"), id="a join"),
        pytest.param(message(CALL, hidden=True), id="hidden"),
        pytest.param(edit(CALL, CALL), id="what Slack adds to a message"),
        pytest.param(edit(CALL, f"{CALL} x", bot_id="B1"), id="an edit by a bot"),
        pytest.param(deletion(CALL, user=BOT), id="a deletion of the bot's"),
        pytest.param({"type": "message"}, id="nothing at all"),
        pytest.param({"type": "message", "subtype": "message_changed"}, id="an empty edit"),
    ],
)
def test_irrelevant_events_are_ignored(event: Event) -> None:
    assert delivery_from_event(event, BOT, "follow") is None


def test_edits_and_deletions_refer_to_the_original_message() -> None:
    tombstone = edit(CALL, "This message was deleted.", subtype="tombstone")
    events = [edit(f"{CALL} buoy", f"{CALL} dock", seconds) for seconds in (10, 20)]
    found = [
        certain_delivery(event)
        for event in (*events, edit(CALL, "dock"), deletion(CALL), tombstone)
    ]
    assert [(one.kind, one.line, one.message) for one in found if one] == [
        *[("edit", "dock", "1000.5")] * 3,
        *[("deletion", "", "1000.5")] * 2,
    ]
    assert len({one.key for one in found[:2] if one}) == 2


@pytest.mark.parametrize(
    ("text", "prefix", "line"),
    [
        ("near a thick rope", "", "/near a thick rope"),
        ("Define tug", "", "/Define tug"),
        ("/near a thick rope", "", "/near a thick rope"),
        *((text, "", text) for text in ("near what is this?", "near", "help me with this")),
        ("near a rope", "dev-", "/dev-near a rope"),
        ("dev-near a rope", "dev-", "/dev-near a rope"),
    ],
)
def test_command_is_recognized_without_its_slash(text: str, prefix: str, line: str) -> None:
    assert as_command(text, prefix) == line
