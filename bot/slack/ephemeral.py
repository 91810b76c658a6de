"""Ephemeral messages: notices that only one user sees."""

import math
import threading
import time

from cachetools import LRUCache
from slack_sdk import WebClient

from bot.slack.api_errors import FAILURES, log_errors

MAX_NOTICES = 1_000  # (user, topic) pairs whose last notice is remembered


class EphemeralNotices:
    """Posts each ephemeral message at most once per user and period. Never raises. Thread-safe."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._last_sent = LRUCache[tuple[str, str], float](MAX_NOTICES)

    def post(
        self, person: str, about: str, text: str, channel: str, thread: str = "", every: float = 0
    ) -> None:
        """Post `text`, unless the user got one with this `about` in the last `every` seconds."""
        now, key = time.monotonic(), (person, about)
        with self._lock:
            recent = now - self._last_sent.get(key, -math.inf) < every
            if recent or not (person and channel):
                return
            self._last_sent[key] = now
        with log_errors(f"an ephemeral notice ({about}) could not be posted"):
            try:
                self._client.chat_postEphemeral(
                    channel=channel, user=person, text=text, thread_ts=thread or None
                )
            except FAILURES:
                with self._lock:
                    self._last_sent.pop(key, None)
                raise
