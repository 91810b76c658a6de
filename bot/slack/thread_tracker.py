"""Tracks the threads in which the bot takes part, and finds the messages addressed to it.

Messages to other users are never stored. A thread is read from Slack only for a message that could
be addressed to the bot, and only if the thread is older than this process or another process may
have answered in it. Per 1,000 messages, at most ten reads find no message for the bot.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from cachetools import LRUCache

from bot.ops import request_id
from bot.slack.addressing import MAX_AGE_S, LineContext, is_addressed
from bot.slack.api_errors import FAILURES, error_code
from bot.slack.events import ThreadMessage, is_direct
from bot.slack.queue.delivery import Delivery
from bot.slack.threads import Threads, ThreadState
from index.names import content_words
from index.search.text_similarity import stems

logger = logging.getLogger(__name__)

REMEMBERED = 10_000  # threads in the cache
MAX_ANSWERED = 20  # questions of a thread whose edits and deletions are handled
READS = 5.0  # budget of thread reads; a read that finds a message for the bot is free
READS_A_LINE = 1 / 200  # budget regained with each message
STALE_AFTER_S = 60.0  # seconds after which another process may have answered in a cached thread

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TrackedThread:
    """The cached state of a thread.

    `at`: the Unix time of the last line for the bot, or of reading the thread if it has none.
    `partner`: the author of that line, if any. `asked`: all users who wrote to the bot.
    `answered`: the ids of the latest answered questions. `topic`: stems of the questions' words.
    `interrupted`: users have written since that line.
    """

    at: float
    partner: str = ""
    asked: frozenset[str] = frozenset()
    answered: tuple[str, ...] = ()
    topic: frozenset[str] = frozenset()
    interrupted: bool = False

    def after(self, question: Delivery) -> TrackedThread:
        """Return the state after a line for the bot."""
        return TrackedThread(
            at=_seconds(question),
            partner=question.user,
            asked=self.asked | {question.user},
            answered=(*self.answered, question.question)[-MAX_ANSWERED:],
            topic=self.topic | topic_stems(question.line),
        )


class ThreadTracker:
    """Decides which thread messages are addressed to the bot. Thread-safe."""

    def __init__(
        self,
        threads: Threads,
        names_entry: Callable[[str], bool],
        began: float,
        *,
        shared: bool = False,
    ) -> None:
        """Track threads from the Unix time `began`.

        Threads opened later need not be read from Slack, unless other processes answer too
        (`shared`).
        """
        self._threads = threads
        self._names_entry = names_entry
        self._began = began
        self._shared = shared
        self._lock = threading.Lock()
        self._tracked = LRUCache[Key, TrackedThread](REMEMBERED)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="attention")
        self._reads_left = READS

    def note(self, question: Delivery) -> None:
        """Record that a user asked the bot a question in a channel thread."""
        if is_direct(question.channel) or not question.thread:
            return
        with self._lock:
            key = (question.channel, question.thread)
            self._tracked[key] = self._tracked.get(key, TrackedThread(0.0)).after(question)

    def decide(self, overheard: ThreadMessage, take: Callable[[Delivery], None]) -> None:
        """Call `take` if the message is addressed to the bot; read its thread if necessary."""
        delivery = overheard.delivery
        tracked = self._known(delivery)
        with self._lock:
            self._reads_left = min(READS, self._reads_left + READS_A_LINE)
        if tracked is not None:
            if self._is_addressed(delivery, tracked):
                take(delivery)
        elif delivery.kind != "reply" or self._could_be_addressed(delivery):
            self._read_later(delivery, take)

    def stop(self) -> None:
        self._reader.shutdown(wait=False, cancel_futures=True)

    def _known(self, delivery: Delivery) -> TrackedThread | None:
        """Return the cached state of a thread, or None if it must be read from Slack."""
        key = (delivery.channel, delivery.thread)
        with self._lock:
            tracked = self._tracked.get(key)
        if self._shared:
            if tracked is None or tracked.partner:
                return None
            return tracked if _seconds(delivery) - tracked.at < STALE_AFTER_S else None
        if tracked is None and float(delivery.thread or 0) > self._began:
            return TrackedThread(0.0)
        return tracked

    def _could_be_addressed(self, delivery: Delivery) -> bool:
        """Return whether a message is addressed to the bot in the most favourable context."""
        silent = 0.0 if self._shared else _seconds(delivery) - self._began
        on_topic = self._names_entry(delivery.line)
        return is_addressed(delivery.line, LineContext(True, True, False, silent, on_topic))

    def _is_addressed(self, delivery: Delivery, tracked: TrackedThread) -> bool:
        if delivery.kind != "reply":
            return delivery.question in tracked.answered
        if not tracked.partner:
            return False
        line = delivery.line
        context = LineContext(
            partner=delivery.user == tracked.partner,
            asked=delivery.user in tracked.asked,
            interrupted=tracked.interrupted,
            seconds=_seconds(delivery) - tracked.at,
            on_topic=bool(tracked.topic & topic_stems(line)) or self._names_entry(line),
        )
        ours = is_addressed(line, context)
        with self._lock:
            now = tracked.after(delivery) if ours else replace(tracked, interrupted=True)
            self._tracked[delivery.channel, delivery.thread] = now
        return ours

    def _read_later(self, delivery: Delivery, take: Callable[[Delivery], None]) -> None:
        with self._lock:
            if self._reads_left < 1:
                return
            self._reads_left -= 1
        try:
            self._reader.submit(request_id.propagate(lambda: self._read(delivery, take)))
        except RuntimeError:
            logger.debug("dropped a thread message during shutdown")

    def _read(self, delivery: Delivery, take: Callable[[Delivery], None]) -> None:
        try:
            tracked = self._known(delivery)  # an earlier line may have filled the cache
            if tracked is None:
                at = delivery.message
                state = self._threads.recent(delivery.channel, delivery.thread, at, MAX_AGE_S)
                key = (delivery.channel, delivery.thread)
                with self._lock:
                    tracked = _tracked_of(state, at) or self._tracked.get(key)
                    tracked = self._tracked[key] = tracked or TrackedThread(float(at))
            if self._is_addressed(delivery, tracked):
                with self._lock:
                    self._reads_left += 1
                take(delivery)
        except FAILURES as error:
            logger.warning("a thread could not be read: %s", error_code(error))
        except Exception:
            logger.exception("a thread message could not be classified")


def _tracked_of(state: ThreadState, at: str) -> TrackedThread | None:
    latest = state.latest(at)
    if latest is None:
        return None
    return TrackedThread(
        at=float(latest.ts),
        partner=latest.asker,
        asked=frozenset(posted.asker for posted in state.answers),
        answered=tuple(posted.question for posted in state.answers)[-MAX_ANSWERED:],
        topic=topic_stems(latest.thread.question),
        interrupted=state.interrupted,
    )


def topic_stems(text: str) -> frozenset[str]:
    """Return the stems of the content words in a text."""
    return stems(" ".join(content_words(text))) - {"one"}


def _seconds(delivery: Delivery) -> float:
    return float(delivery.message or delivery.received)
