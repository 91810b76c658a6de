"""The state of a conversation, read from the metadata of the bot's messages.

The metadata of an answer contains the question's id and the state after the answer. So a
conversation continues after a restart, and no question is answered twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.search.answers.conversation import Conversation

EVENT_TYPE = "nearsay_answer"

SlackMessage = Mapping[str, Any]
"""A message in Slack's format."""


@dataclass(frozen=True, slots=True)
class BotReply:
    """An answer from the bot, with its question's id and the conversation state after it."""

    ts: str
    question: str
    thread: Conversation
    asker: str = ""


@dataclass(frozen=True, slots=True)
class ThreadState:
    """A conversation at a point in time.

    `answers`: the bot's answers, oldest first. `opening`: the text of the first message.
    `interrupted`: users have written since the last answer.
    """

    answers: tuple[BotReply, ...] = ()
    opening: str = ""
    interrupted: bool = False

    def answer_to(self, question: str) -> BotReply | None:
        return next((item for item in self.answers if item.question == question), None)

    def latest(self, before: str) -> BotReply | None:
        earlier = [item for item in self.answers if float(item.ts) < float(before)]
        return earlier[-1] if earlier else None


def build_state(
    messages: Sequence[SlackMessage], bot: str, before: str, earlier: BotReply | None = None
) -> ThreadState:
    """Build the state of a conversation from its messages, oldest first.

    `bot` is the bot's user id, `earlier` an answer that may be older than the messages.
    `interrupted` refers to the messages before the timestamp `before`.
    """
    found = {item.ts: item for message in messages if (item := parse_reply(message, bot))}
    if earlier is not None:
        found.setdefault(earlier.ts, earlier)
    times = [
        ts for message in messages if float(ts := str(message.get("ts") or "0")) < float(before)
    ]
    first = messages[0] if messages else {}
    by_a_person = not first.get("subtype") and not first.get("bot_id")
    return ThreadState(
        answers=tuple(found[ts] for ts in sorted(found, key=float)),
        opening=str(first.get("text") or "") if by_a_person else "",
        interrupted=max(times, key=float, default="") not in found,
    )


def parse_reply(message: SlackMessage, bot: str) -> BotReply | None:
    """Parse an answer from the bot, or return None for any other message."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if message.get("user") != bot or metadata.get("event_type") != EVENT_TYPE:
        return None
    thread = Conversation.from_json(str(payload.get("thread") or ""))
    question, asker = (str(payload.get(name) or "") for name in ("question", "asker"))
    return BotReply(str(message.get("ts")), question, thread, asker)


def metadata_of(question: str, now: Conversation, asker: str) -> dict[str, Any]:
    payload = {"question": question, "asker": asker, "thread": now.to_json()}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
