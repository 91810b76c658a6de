"""Converts Slack message events into deliveries; skips bot messages and channel notices."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.commands.catalog import COMMANDS
from bot.commands.parser import LONGEST_TEXT
from bot.slack.blocks.mrkdwn import unescape
from bot.slack.channels import visibility_of
from bot.slack.file_download import files_in, serialize_files
from bot.slack.queue.delivery import Delivery
from index.names import content_words
from index.text import clean, normalized, shorten

Event = Mapping[str, Any]
ThreadMode = Literal["follow", "mention", "off"]
"""The channel messages that the bot answers. `follow`: mentions, and follow-ups in threads.
`mention`: only mentions. `off`: none."""

USER_SUBTYPES = (None, "", "thread_broadcast", "file_share")  # subtypes of messages from users
EDIT_WINDOW_S = 300  # seconds; a later edit of a question does not update the answer
MAX_ID_LENGTH = 100  # characters; Slack's ids have about a dozen
_TIMESTAMP = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?", re.ASCII)
_ADDRESSED = re.compile(r"<[@!][^<>]*>")
_LINK = re.compile(r"<(?:[^<>|]*\|)?([^<>|]*)>")
_COMMAND = re.compile(r"\A/?(\S+)\s+\S.*[^?\s]\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """A possible follow-up: a thread message without a mention, or its edit or deletion."""

    delivery: Delivery


def delivery_from_event(
    event: Event, bot: str, following: ThreadMode
) -> Delivery | ThreadMessage | None:
    """Convert a message event; return None if it is not for the bot (user id `bot`)."""
    subtype = event.get("subtype")
    if following == "off" and not is_direct(str(event.get("channel"))):
        return None
    if subtype == "message_changed":
        return _changed(event, bot, following)
    if subtype == "message_deleted":
        return _deleted(event, event.get("previous_message") or {}, bot, following)
    if subtype not in USER_SUBTYPES or not _is_valid(event, event, bot):
        return None
    text, direct = str(event.get("text") or ""), is_direct(str(event.get("channel")))
    if direct and (files := files_in(event)):
        return _delivery(event, event, "upload", serialize_files(files))
    if direct or f"<@{bot}>" in text:
        return _delivery(event, event, "question", plain_text(text))
    words = "" if _ADDRESSED.search(text) else plain_text(text)
    return _overheard(_delivery(event, event, "reply", words), event, following)


def is_direct(channel: str) -> bool:
    """Return whether a conversation id denotes a direct message with the bot."""
    return channel.startswith("D")


def is_redelivered(headers: Mapping[str, Sequence[str]]) -> bool:
    """Return whether Slack has sent a request before. Over a socket, the first attempt is 0."""
    return headers.get("x-slack-retry-num", ["0"])[0] != "0"


def plain_text(text: str) -> str:
    """Unescape a message's text, remove its mentions and replace its links with their labels."""
    without = _ADDRESSED.sub(" ", text)
    return clean(unescape(_LINK.sub(r"\1", without)))


def as_command(text: str, prefix: str) -> str:
    """Turn `near TEXT` into `/near TEXT`; return questions and other text unchanged."""
    if found := _COMMAND.fullmatch(text):
        for command in COMMANDS:
            if command.slack and found[1].casefold() in (command.name, prefix + command.name):
                return f"/{prefix}{command.name}{text[found.end(1) :]}"
    return text


def _is_valid(event: Event, message: Event, bot: str) -> bool:
    channel, ts = event.get("channel"), str(message.get("ts"))
    user, thread = str(message.get("user") or bot), str(message.get("thread_ts") or ts)
    return (
        not any(message.get(name) for name in ("bot_id", "bot_profile", "hidden"))
        and user not in (bot, "USLACKBOT")
        and isinstance(channel, str)
        and 0 < len(channel) <= MAX_ID_LENGTH
        and len(user) <= MAX_ID_LENGTH
        and all(_TIMESTAMP.fullmatch(time) for time in (ts, thread))
    )


def _root(message: Event) -> str:
    """Return the timestamp of the thread's first message, or an empty string outside threads."""
    root = str(message.get("thread_ts") or "")
    return "" if root == message.get("ts") else root


def _delivery(
    event: Event,
    message: Event,
    kind: Literal["question", "reply", "edit", "deletion", "upload"],
    line: str,
    suffix: str = "",
) -> Delivery:
    channel, ts = str(event.get("channel")), str(message.get("ts"))
    thread = _root(message)
    if not thread and not is_direct(channel):
        thread = ts  # a message in a channel is answered in its own thread
    return Delivery(
        key=f"{channel}/{ts}{suffix}",
        kind=kind,
        line=line,
        response_url="",
        received=time.time(),
        user=str(message.get("user") or ""),
        channel=channel,
        message=ts,
        thread=thread,
        place=visibility_of(channel, str(event.get("channel_type") or "")),
    )


def _overheard(delivery: Delivery, message: Event, following: ThreadMode) -> ThreadMessage | None:
    return ThreadMessage(delivery) if following == "follow" and _root(message) else None


def _changed(event: Event, bot: str, following: ThreadMode) -> Delivery | ThreadMessage | None:
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if now.get("subtype") == "tombstone":
        return _deleted(event, dict(before) | {"ts": now.get("ts")}, bot, following)
    text, old = str(now.get("text") or ""), str(before.get("text") or "")
    # Slack also sends an "edit" with the same text, for example when it adds a preview.
    if now.get("subtype") not in USER_SUBTYPES or text == old or not _is_valid(event, now, bot):
        return None
    edited = str((now.get("edited") or {}).get("ts") or event.get("ts") or "0")
    if not _TIMESTAMP.fullmatch(edited) or float(edited) - float(now["ts"]) > EDIT_WINDOW_S:
        return None
    mention = f"<@{bot}>"
    if mention in text and mention not in old:
        return _delivery(event, now, "question", plain_text(text), "/named")
    edit = _delivery(event, now, "edit", plain_text(text), f"/{edited}")
    if is_direct(edit.channel) or (mention in old and mention in text):
        return edit
    is_followed = following == "follow" and _root(now)
    if mention in old and not is_followed:  # it is no longer addressed to the bot
        return _delivery(event, now, "deletion", "", f"/{edited}")
    return _overheard(edit, now, following)


def _deleted(
    event: Event, before: Event, bot: str, following: ThreadMode
) -> Delivery | ThreadMessage | None:
    if not _is_valid(event, before, bot):
        return None
    deletion = _delivery(event, before, "deletion", "", "/deleted")
    if is_direct(deletion.channel) or f"<@{bot}>" in str(before.get("text") or ""):
        return deletion
    return _overheard(deletion, before, following)


def text_of_message(body: Event) -> str:
    """Return the text of the message of a message shortcut, cut to what a request may have."""
    return text_to_explain(str((body.get("message") or {}).get("text") or ""))


def text_to_explain(text: str) -> str:
    """Return the plain text of a message, cut to what a request may have."""
    return shorten(normalized(plain_text(text)), LONGEST_TEXT - 2)  # "…" becomes three characters


def points_to_message(line: str) -> bool:
    """Return whether a line asks to explain the message above it: `explain` without a text of its
    own, such as "explain this message"."""
    asks = "explain" in re.findall(r"\w+", line.casefold())
    return asks and set(content_words(line)) <= {"message"}
