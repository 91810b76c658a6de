"""What one person is told where they are, and nobody else sees."""

from __future__ import annotations

import threading
import time

from slack_sdk import WebClient

from bot.ops.bounded_dict import BoundedDict
from bot.ops.rate_limit import Clock
from bot.slack.api_errors import only_logged

PEOPLE = 1_000  # of whom it is known when they were told something


class EphemeralNotices:
    """Tells people things, the same one not again and again. Nothing depends on what it says, so
    that it never raises. Threads may share it."""

    def __init__(self, client: WebClient, clock: Clock = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._told = BoundedDict[tuple[str, str], float](PEOPLE)

    def tell(
        self, person: str, about: str, text: str, channel: str, thread: str = "", every: float = 0
    ) -> None:
        """Tells a person something, unless they were told `about` it less than `every` seconds
        ago."""
        if not (person and channel and self._is_time(person, about, every)):
            return
        with only_logged(f"somebody could not be told about {about}"):
            self._client.chat_postEphemeral(
                channel=channel, user=person, text=text, thread_ts=thread or None
            )

    def _is_time(self, person: str, about: str, every: float) -> bool:
        now, key = self._clock(), (person, about)
        with self._lock:
            told = self._told.get(key)
            if told is not None and now - told < every:
                return False
            self._told[key] = now
            return True
