"""How fast messages are posted into one channel: Slack takes about one a second, and a few at
once."""

from __future__ import annotations

import threading
import time

from bot.ops.bounded_dict import BoundedDict
from bot.ops.rate_limit import Clock, TokenBucket

BURST = 5  # messages that a channel which was quiet gets at once
EVERY = 1.0  # seconds between two messages after that
CHANNELS = 1_000  # of which it is known when they got a message


class ChannelRate:
    """When the next message may go into each channel. Threads may share it."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._channels = BoundedDict[str, TokenBucket](CHANNELS)

    def wait(self, channel: str) -> float:
        """The seconds until a message may be posted in a channel; 0 when it may be now."""
        with self._lock:
            known = self._channels.get(channel)
            return known.wait(self._clock()) if known else 0.0

    def posted(self, channel: str) -> None:
        """A message is being posted in a channel."""
        with self._lock:
            bucket = self._channels[channel] = self._channels.get(channel) or TokenBucket(
                BURST, EVERY
            )
            bucket.take(self._clock())
