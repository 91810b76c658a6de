"""Limits the rate of messages per channel: Slack allows about one a second, and short bursts."""

from __future__ import annotations

import threading
import time

from bot.ops.bounded_dict import BoundedDict
from bot.ops.rate_limit import Clock, TokenBucket

BURST = 5  # messages that may be posted at once after a pause
EVERY = 1.0  # seconds between messages after a burst
CHANNELS = 1_000  # channels in the cache


class ChannelRate:
    """A token bucket per channel. Thread-safe."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._channels = BoundedDict[str, TokenBucket](CHANNELS)

    def wait(self, channel: str) -> float:
        """Return the seconds until a message may be posted in a channel."""
        with self._lock:
            known = self._channels.get(channel)
            return known.wait(self._clock()) if known else 0.0

    def posted(self, channel: str) -> None:
        """Record that a message is posted in a channel."""
        with self._lock:
            bucket = self._channels[channel] = self._channels.get(channel) or TokenBucket(
                BURST, EVERY
            )
            bucket.take(self._clock())
