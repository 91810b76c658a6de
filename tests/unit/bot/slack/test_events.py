"""Tests of converting message events into deliveries."""

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.slack.events import (
    ThreadMessage,
    ThreadMode,
    as_command,
    delivery_from_event,
    points_to_message,
)
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


EVENTS = {
    "mention": message(f"{CALL} a &lt;buoy&gt;?"),
    "mention event": message(f"{CALL} why?", type="app_mention"),
    "mention in a thread": message(f"{CALL} why?", thread_ts="900.1"),
    "broadcast": message(f"{CALL} why?", subtype="thread_broadcast"),
    "mention with a file": message(f"{CALL} why?", subtype="file_share"),
    "direct": message("why?", channel="D1"),
    "direct in a thread": message("why?", channel="D1", thread_ts="900.1"),
    "mention added by an edit": edit("why?", f"{CALL} why?"),
    "edit": edit(f"{CALL} buoy", f"{CALL} dock"),
    "later edit": edit(f"{CALL} buoy", f"{CALL} dock", 20),
    "mention removed by an edit": edit(CALL, "dock"),
    "deletion": deletion(CALL),
    "tombstone": edit(CALL, "This message was deleted.", subtype="tombstone"),
    "thread reply": message("what is a buoy?", thread_ts="900.1"),
    "thread reply to another user": message("<@U2> x", thread_ts="900.1"),
    "thread reply to all": message("<!here> x", thread_ts="900.1"),
    "empty thread reply": message(" ", thread_ts="900.1"),
    "edited thread reply": edit("what is a dock?", "a buoy?", thread_ts="900.1"),
    "deleted thread reply": deletion("what is a dock?", thread_ts="900.1"),
    "nobody is called": message("what is a buoy?"),
    "nobody is called by an edit": edit("what is a dock?", "what is a buoy?"),
    "nobody is called by a deletion": deletion("what is a dock?"),
    "bot": message(CALL, bot_id="B1"),
    "bot by its profile": message(CALL, bot_profile={"id": "B1"}),
    "the bot itself": message(CALL, user=BOT),
    "Slackbot": message(CALL, user="USLACKBOT"),
    "nobody": message(CALL, user=None),
    "old bot": message(CALL, subtype="bot_message"),
    "join": message(CALL, subtype="channel_join"),
    "hidden": message(CALL, hidden=True),
    "what Slack adds to a message": edit(CALL, CALL),
    "edit by a bot": edit(CALL, f"{CALL} x", bot_id="B1"),
    "deletion of the bot's message": deletion(CALL, user=BOT),
    "nothing at all": {"type": "message"},
    "empty edit": {"type": "message", "subtype": "message_changed"},
}


@pytest.mark.parametrize("following", ["follow", "mention"])
def test_events_become_deliveries_or_are_ignored(
    following: ThreadMode, snapshot: SnapshotAssertion
) -> None:
    lines = []
    for name, event in EVENTS.items():
        found = delivery_from_event(event, BOT, following)
        sure = "" if isinstance(found, Delivery) else "perhaps "
        one = found.delivery if isinstance(found, ThreadMessage) else found
        lines.append(
            f"{name}: {one and f'{sure}{one.kind} {one.line!r} {one.key} {one.thread or None}'}"
        )
    assert "\n".join(lines) == snapshot


@pytest.mark.parametrize(
    ("text", "prefix", "line"),
    [
        ("near a thick rope", "", "/near a thick rope"),
        ("Define tug", "", "/define tug"),
        ("/near a thick rope", "", "/near a thick rope"),
        *((text, "", text) for text in ("near what is this?", "near", "help me with this")),
        ("near a rope", "dev-", "/dev-near a rope"),
        ("dev-near a rope", "dev-", "/dev-near a rope"),
        ("Dev-near a rope", "dev-", "/dev-near a rope"),
        ("near a rope", "n", "/nnear a rope"),
    ],
)
def test_command_is_recognized_without_its_slash(text: str, prefix: str, line: str) -> None:
    assert as_command(text, prefix) == line


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("explain", True),
        ("Explain this message, please", True),
        ("can you explain that?", True),
        ("explain: a rope", False),
        ("explain hawser", False),
        ("what is this message?", False),
        ("unexplained", False),
        ("", False),
    ],
)
def test_explain_without_a_text_points_to_a_message(line: str, points: bool) -> None:
    assert points_to_message(line) == points
