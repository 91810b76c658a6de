"""Reads and writes conversations in Slack."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.ops.bounded_dict import BoundedDict
from bot.slack.api_errors import FAILURES, error_code
from bot.slack.blocks.elements import Message
from bot.slack.progress_message import NO_PREVIEWS, send_message
from bot.slack.thread_state import BotReply, SlackMessage, ThreadState, build_state, metadata_of
from index.search.answers.conversation import Conversation

PAGE = 1_000  # replies per call, Slack's maximum
LATEST = 50  # direct messages per call
MOST_PAGES = 20  # pages per read; later pages are ignored
STEPS = (600.0, 7_200.0, 86_400.0)  # seconds to look back, step by step until an answer is found
REMEMBERED = 1_000  # threads of which only new messages are read
UNREADABLE = ("thread_not_found", "message_not_found", "channel_not_found", "not_in_channel")


@dataclass(frozen=True, slots=True)
class _ReadThread:
    """The timestamp up to which a thread has been read, and the bot's last answer before it."""

    until: str
    answer: BotReply


class Threads:
    """Reads and writes conversations; raises `api_errors.FAILURES`. Thread-safe."""

    def __init__(self, client: WebClient, bot: str) -> None:
        self._client = client
        self._bot = bot
        self._lock = threading.Lock()
        self._read = BoundedDict[tuple[str, str], _ReadThread](REMEMBERED)

    def read(self, channel: str, thread: str, at: str) -> ThreadState:
        """Read a conversation from the bot's last answer before the timestamp `at` to the end.

        For a known thread, read only the messages since the previous call.
        """
        if not thread:
            return build_state(self._direct(channel, at), self._bot, at)
        with self._lock:
            known = self._read.get((channel, thread))
        if known is not None and float(known.until) <= float(at):
            messages = list(self._between(channel, thread, known.until, ""))
            state = build_state(messages, self._bot, at, known.answer)
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

    def _remember(self, channel: str, thread: str, state: ThreadState, at: str) -> None:
        answer = state.latest(at)
        if answer is not None:
            with self._lock:
                self._read[channel, thread] = _ReadThread(at, answer)

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
        send_message(
            self._client.chat_postMessage, message, **where, metadata=metadata, **NO_PREVIEWS
        )

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
