"""What is known of a conversation: the bot's answers in it, and where each left it.

An answer carries in its metadata the question that it answers and the state of the conversation
after it. So a conversation goes on after a restart and on another instance, and a question is
seen to have been answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.search.answers.conversation import Conversation

EVENT_TYPE = "nearsay_answer"

Said = Mapping[str, Any]
"""A message as Slack gives it."""


@dataclass(frozen=True, slots=True)
class BotReply:
    """An answer of the bot: its timestamp, the question it answers, where the conversation stands
    after it, and who asked."""

    ts: str
    question: str
    thread: Conversation
    asker: str = ""


@dataclass(frozen=True, slots=True)
class ThreadState:
    """A conversation around one moment: the bot's answers in it, the oldest first, the words it
    began with, and whether people spoke between its last answer and that moment."""

    answers: tuple[BotReply, ...] = ()
    opening: str = ""
    interrupted: bool = False

    def answer_to(self, question: str) -> BotReply | None:
        return next((item for item in self.answers if item.question == question), None)

    def latest(self, before: str) -> BotReply | None:
        """The bot's last answer before a moment."""
        earlier = [item for item in self.answers if float(item.ts) < float(before)]
        return earlier[-1] if earlier else None


def scene_of(
    messages: Sequence[Said], bot: str, before: str, earlier: BotReply | None = None
) -> ThreadState:
    """The scene that `messages` show to the bot with the user id `bot`, around the moment
    `before`; the first of them is the one that began the conversation. `earlier` is an answer
    that is known already."""
    found = {item.ts: item for said in messages if (item := posted_of(said, bot)) is not None}
    if earlier is not None:
        found.setdefault(earlier.ts, earlier)
    times = [ts for said in messages if float(ts := str(said.get("ts") or "0")) < float(before)]
    first = messages[0] if messages else {}
    by_a_person = not first.get("subtype") and not first.get("bot_id")
    return ThreadState(
        answers=tuple(found[ts] for ts in sorted(found, key=float)),
        opening=str(first.get("text") or "") if by_a_person else "",
        interrupted=max(times, key=float, default="") not in found,
    )


def posted_of(said: Said, bot: str) -> BotReply | None:
    """The answer that a message is; None for any other, of whoever."""
    metadata = said.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if said.get("user") != bot or metadata.get("event_type") != EVENT_TYPE:
        return None
    thread = Conversation.from_json(str(payload.get("thread") or ""))
    question, asker = (str(payload.get(name) or "") for name in ("question", "asker"))
    return BotReply(str(said.get("ts")), question, thread, asker)


def metadata_of(question: str, now: Conversation, asker: str) -> dict[str, Any]:
    """The metadata of the answer to `question`, which `asker` asked, after which the conversation
    stands at `now`."""
    payload = {"question": question, "asker": asker, "thread": now.to_json()}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
