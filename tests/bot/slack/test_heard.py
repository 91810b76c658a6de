"""What a message says to the bot, and that nobody but people is heard."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import heard as hearing
from bot.slack.heard import Following, Overheard, as_command, spoken
from bot.slack.queue.delivery import Delivery

BOT = "U0BOT"
CALL = f"<@{BOT}>"


def heard(event: dict[str, Any], bot: str, following: Following = "mention") -> Delivery | None:
    """What is asked of the bot for certain."""
    found = hearing.heard(event, bot, following)
    assert not isinstance(found, Overheard)
    return found


def overheard(event: dict[str, Any]) -> Delivery | None:
    """What may be for the bot where follow-ups are answered."""
    found = hearing.heard(event, BOT, "follow")
    return found.delivery if isinstance(found, Overheard) else None


def message(text: str, **fields: Any) -> dict[str, Any]:
    """A message of a person in a channel."""
    event = {"type": "message", "channel": "C1", "user": "U1", "ts": "1000.5", "text": text}
    return event | fields


def edit(before: str, after: str, seconds: float = 10, **fields: Any) -> dict[str, Any]:
    """A person's edit of a message, so many seconds after they wrote it."""
    now = message(after, edited={"user": "U1", "ts": f"{1000.5 + seconds}"}, **fields)
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": now["channel"],
        "ts": f"{1000.5 + seconds}",
        "message": now,
        "previous_message": message(before, **fields),
    }


def deletion(text: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": "C1",
        "ts": "1010.5",
        "deleted_ts": "1000.5",
        "previous_message": message(text, **fields),
    }


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
def test_a_question_is_answered_in_its_thread(
    event: dict[str, Any], line: str, thread: str
) -> None:
    found = heard(event, BOT)
    assert found is not None
    assert (found.kind, found.line, found.thread) == ("question", line, thread)
    assert (found.message, found.user) == ("1000.5", "U1")
    is_edit = event.get("subtype") == "message_changed"
    assert found.key == f"{found.channel}/1000.5{'/named' if is_edit else ''}"


def test_a_reply_in_a_thread_and_what_becomes_of_it_may_be_for_the_bot() -> None:
    reply = overheard(message("what is a buoy?", thread_ts="900.1"))
    assert reply is not None
    assert (reply.kind, reply.thread, reply.line) == ("reply", "900.1", "what is a buoy?")
    changed = overheard(edit("what is a dock?", "what is a buoy?", thread_ts="900.1"))
    deleted = overheard(deletion("what is a dock?", thread_ts="900.1"))
    assert [found and found.kind for found in (changed, deleted)] == ["edit", "deletion"]


@pytest.mark.parametrize("text", ["<@U2> why?", "<!here> why?", " "])
def test_a_reply_to_other_people_or_without_words_is_heard_without_words(text: str) -> None:
    reply = overheard(message(text, thread_ts="900.1"))
    assert reply is not None
    assert reply.line == ""


@pytest.mark.parametrize("thread", [None, "900.1"])
def test_where_channels_are_off_only_direct_messages_are_heard(thread: str | None) -> None:
    for event in (
        message(f"{CALL} what is a buoy?", thread_ts=thread),
        edit(CALL, f"{CALL} what is a buoy?", thread_ts=thread),
        deletion(CALL, thread_ts=thread),
    ):
        assert heard(event, BOT, "off") is None
        assert heard({**event, "channel": "D1"}, BOT, "off") is not None


def test_unless_replies_are_followed_a_line_in_a_channel_without_a_mention_is_not_heard() -> None:
    assert heard(message("what is a buoy?", thread_ts="900.1"), BOT) is None
    assert heard(edit("what is a dock?", "what is a buoy?", thread_ts="900.1"), BOT) is None
    assert heard(deletion("what is a dock?", thread_ts="900.1"), BOT) is None
    assert heard(edit(f"{CALL} what is a dock?", "what is a buoy?"), BOT) is not None
    assert heard(edit("what is a dock?", "what is a buoy?", channel="D1"), BOT) is not None


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
        pytest.param(message(CALL, subtype="channel_topic"), id="a topic"),
        pytest.param(message(CALL, hidden=True), id="hidden"),
        pytest.param({"type": "message"}, id="nothing at all"),
        pytest.param({"type": "message", "subtype": "message_changed"}, id="an empty edit"),
    ],
)
def test_nothing_else_is_heard(event: dict[str, Any]) -> None:
    assert heard(event, BOT, "follow") is None


def test_an_edit_is_of_the_message_it_changes_and_each_is_another() -> None:
    first, second = (
        heard(edit(f"{CALL} buoy", f"{CALL} dock", seconds), BOT) for seconds in (10, 20)
    )
    assert first is not None
    assert second is not None
    assert (first.kind, first.line, first.message) == ("edit", "dock", "1000.5")
    assert first.key != second.key


def test_what_slack_adds_to_a_message_is_no_edit() -> None:
    assert heard(edit(CALL, CALL), BOT) is None
    assert heard(edit(CALL, f"{CALL} x", bot_id="B1"), BOT) is None


def test_a_deletion_is_of_its_message_also_where_a_thread_keeps_the_place() -> None:
    gone = heard(deletion(CALL), BOT)
    tombstone = edit(CALL, "This message was deleted.", subtype="tombstone")
    kept = heard(tombstone, BOT)
    assert gone is not None
    assert kept is not None
    assert (gone.kind, gone.message) == (kept.kind, kept.message) == ("deletion", "1000.5")
    assert heard(deletion(CALL, user=BOT), BOT) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{CALL} what is <https://x.test/a|a buoy>?", "what is a buoy?"),
        ("see <https://x.test/a?b=1&amp;c=2>", "see https://x.test/a?b=1&c=2"),
        ("<@U2|ada> <!here> T&amp;M", "T&M"),
        ("a &lt; b", "a < b"),
    ],
)
def test_the_words_of_a_message_are_what_a_person_sees(text: str, words: str) -> None:
    assert spoken(text) == words


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("near a thick rope", "/near a thick rope"),
        ("Define tug", "/Define tug"),
        ("/near a thick rope", "/near a thick rope"),
        ("near what is this?", "near what is this?"),
        ("near", "near"),
        ("ask me something", "ask me something"),
        ("help me with this", "help me with this"),
        ("what is near a rope", "what is near a rope"),
    ],
)
def test_a_command_may_be_said_without_its_slash(text: str, line: str) -> None:
    assert as_command(text) == line


def test_a_command_may_be_said_with_its_prefix_or_without() -> None:
    assert as_command("near a rope", "dev-") == "/dev-near a rope"
    assert as_command("dev-near a rope", "dev-") == "/dev-near a rope"
