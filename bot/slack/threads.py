"""Reads and writes conversations in Slack.

The metadata of an answer contains the question's id and the state of the conversation after the
answer. So a conversation continues after a restart, and no question is answered twice.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.slack.api_errors import FAILURES, error_code
from bot.slack.blocks.elements import Message
from bot.slack.events import is_direct
from bot.slack.progress_message import NO_PREVIEWS, send_message
from index.search.answers.conversation import Conversation

EVENT_TYPE = "nearsay_answer"  # of the metadata of an answer
PAGE = 1_000  # replies per call, Slack's maximum
LATEST = 50  # direct messages per call
MOST_PAGES = 20  # pages per read; later pages are ignored
STEPS = (600.0, 7_200.0, 86_400.0)  # seconds to look back, step by step until an answer is found
REMEMBERED = 1_000  # threads of which only new messages are read
KEPT = 5  # answers kept of a conversation that need not or cannot be read
# Scopes of which one is needed to read a conversation, by the first letter of its id.
READING = {
    "C": {"channels:history", "groups:history", "mpim:history"},
    "D": {"im:history"},
    "G": {"groups:history", "mpim:history"},
}
UNREADABLE = ("thread_not_found", "message_not_found", "channel_not_found", "not_in_channel")


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
    `interrupted`: users have written since the last answer. `above`: the timestamp and text of what
    they wrote last; of the first message if that has no text.
    """

    answers: tuple[BotReply, ...] = ()
    opening: str = ""
    interrupted: bool = False
    above: tuple[str, str] | None = None

    def answer_to(self, question: str) -> BotReply | None:
        return next((item for item in self.answers if item.question == question), None)

    def latest(self, before: str) -> BotReply | None:
        earlier = [item for item in self.answers if float(item.ts) < float(before)]
        return earlier[-1] if earlier else None


class Threads:
    """Reads and writes conversations; raises `api_errors.FAILURES`. Thread-safe.

    A conversation that `scopes` (None: all) do not let it read continues while this process runs,
    from the answers that it posted itself. So does a direct one, which is read once, unless other
    processes answer too (`shared`).
    """

    def __init__(
        self,
        client: WebClient,
        bot: str,
        scopes: Collection[str] | None = None,
        *,
        shared: bool = False,
    ) -> None:
        self._client = client
        self._bot = bot
        self._scopes = scopes
        self._shared = shared
        self._posted = LRUCache[tuple[str, str], tuple[BotReply, ...]](REMEMBERED)
        self._lock = threading.Lock()
        # By thread: the timestamp up to which it has been read, and the last answer before it.
        self._read = LRUCache[tuple[str, str], tuple[str, BotReply]](REMEMBERED)
        self._begun = LRUCache[tuple[str, str], bool](REMEMBERED)

    def begin(self, channel: str, thread: str) -> bool:
        """Record that a thread is answered in. Return whether this process has not done so
        before: then a thread that has just begun need not be read."""
        with self._lock:
            is_new = (channel, thread) not in self._begun
            self._begun[channel, thread] = True
            return is_new

    def read(
        self, channel: str, thread: str, at: str, *, needs_history: bool = True
    ) -> ThreadState:
        """Read a conversation from the bot's last answer before the timestamp `at` to the end.

        For a known thread, read only the messages since the previous call. Unless a message
        `needs_history`, a known direct conversation is not read.
        """
        with self._lock:
            posted = ThreadState(self._posted.get((channel, thread), ()))
        is_known = self._continues(channel) and posted.latest(at) is not None
        if not self.may_read(channel) or (is_known and not needs_history):
            return posted
        if not thread:
            state = build_state(self._direct(channel, at), self._bot, at)
            self._keep(channel, thread, state.answers)
            return state
        with self._lock:
            until, answer = self._read.get((channel, thread), ("", None))
        if answer is not None and float(until) <= float(at):
            messages = list(self._between(channel, thread, until, ""))
            state = build_state(messages, self._bot, at, answer)
        else:
            state = build_state(self._back_to_an_answer(channel, thread, at), self._bot, at)
        self._remember(channel, thread, state, at)
        return state

    def recent(self, channel: str, thread: str, at: str, seconds: float) -> ThreadState:
        """Read the messages of a thread from `seconds` before the timestamp `at` to the end."""
        messages = list(self._between(channel, thread, f"{float(at) - seconds:.6f}", ""))
        state = build_state(messages, self._bot, at)
        self._remember(channel, thread, state, at)
        return state

    def forget(self, channel: str, thread: str) -> None:
        """Drop the cached state of a thread, because one of its messages has changed."""
        with self._lock:
            self._read.pop((channel, thread), None)
            if self.may_read(channel):
                self._posted.pop((channel, thread), None)

    def _remember(self, channel: str, thread: str, state: ThreadState, at: str) -> None:
        answer = state.latest(at)
        if answer is not None:
            with self._lock:
                self._read[channel, thread] = (at, answer)

    def post(
        self,
        channel: str,
        thread: str,
        message: Message,
        question: str,
        now: Conversation,
        asker: str,
    ) -> None:
        metadata = metadata_of(question, now, asker)
        where = {"channel": channel, "thread_ts": thread or None}
        # A conversation that can be read is known again once Slack has accepted the answer.
        with self._lock:
            earlier = self._posted.get((channel, thread), ())
            if self.may_read(channel):
                self._posted.pop((channel, thread), None)
        sent = send_message(
            self._client.chat_postMessage, message, **where, metadata=metadata, **NO_PREVIEWS
        )
        self._keep(channel, thread, (*earlier, BotReply(str(sent.get("ts")), question, now, asker)))

    def _keep(self, channel: str, thread: str, answers: tuple[BotReply, ...]) -> None:
        if answers and self._continues(channel):
            with self._lock:
                self._posted[channel, thread] = answers[-KEPT:]

    def _continues(self, channel: str) -> bool:
        """Return whether a conversation continues from what this process posted."""
        return not self.may_read(channel) or (is_direct(channel) and not self._shared)

    def may_read(self, channel: str) -> bool:
        """Return whether the scopes let the bot read a conversation."""
        wanted = READING.get(channel[:1], set())
        return self._scopes is None or not wanted or not wanted.isdisjoint(self._scopes)

    def change(self, channel: str, posted: BotReply, message: Message, now: Conversation) -> None:
        metadata = metadata_of(posted.question, now, posted.asker)
        send_message(
            self._client.chat_update, message, channel=channel, ts=posted.ts, metadata=metadata
        )

    def remove(self, channel: str, posted: BotReply) -> None:
        self._client.chat_delete(channel=channel, ts=posted.ts)

    def _back_to_an_answer(self, channel: str, thread: str, at: str) -> list[SlackMessage]:
        messages: list[SlackMessage] = []
        latest = ""
        for seconds in (*STEPS, float(at)):
            oldest = f"{float(at) - seconds:.6f}"
            piece = list(self._between(channel, thread, oldest, latest))
            messages = piece + messages
            began = float(oldest) <= float(thread)
            if began or build_state(piece, self._bot, at).latest(at) is not None:
                break
            latest = oldest
        return messages

    def _between(
        self, channel: str, thread: str, oldest: str, latest: str
    ) -> Iterator[SlackMessage]:
        bounds = {"oldest": oldest, "latest": latest or None, "inclusive": True, "limit": PAGE}
        method = self._client.conversations_replies
        try:
            for page in _pages(method, channel=channel, ts=thread, **bounds):
                yield from page
        except FAILURES as error:
            if error_code(error) not in UNREADABLE:
                raise

    def _direct(self, channel: str, at: str) -> list[SlackMessage]:
        messages: list[SlackMessage] = []
        for page in _pages(self._client.conversations_history, channel=channel, limit=LATEST):
            messages += page
            if messages and float(messages[-1].get("ts") or 0) < float(at):
                break
        return messages[::-1]


def _pages(method: Callable[..., SlackResponse], **given: Any) -> Iterator[list[SlackMessage]]:
    cursor = ""
    for _ in range(MOST_PAGES):
        page = method(cursor=cursor or None, include_all_metadata=True, **given)
        yield page.get("messages") or []
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


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
    texts = {_ts(message): str(message.get("text") or "") for message in messages}
    times = [ts for ts in texts if float(ts) < float(before)]
    first = messages[0] if messages else {}
    by_a_person = not first.get("subtype") and not first.get("bot_id")
    own = {_ts(message) for message in messages if message.get("user") == bot}
    last = max((ts for ts in times if ts not in own), key=float, default="")
    interrupted = max(times, key=float, default="") not in found
    shown = next((ts for ts in (last, _ts(first)) if texts.get(ts)), "")
    return ThreadState(
        answers=tuple(found[ts] for ts in sorted(found, key=float)),
        opening=str(first.get("text") or "") if by_a_person else "",
        interrupted=interrupted,
        above=(shown, texts[shown]) if interrupted and shown else None,
    )


def _ts(message: SlackMessage) -> str:
    return str(message.get("ts") or "0")


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
