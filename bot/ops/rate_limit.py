"""Rate limits for each user and for all users, and the list of expensive requests.

Limits are token buckets: bursts first, then a steady rate. Their state is in this process only.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import TypeGuard

from cachetools import LRUCache

from bot.commands.spec import Request
from bot.replies.base import Problem

TOO_MANY = "too_many"
MINUTE_S = 60.0
MAX_USERS = 10_000  # users with a bucket; the one idle longest is dropped

EXPENSIVE = ("shift", "map", "models", "path")  # verbs of /latent that may take seconds
UNDER_WAY = {"map": "Drawing the map …", "models": "Asking the other models …"}

Clock = Callable[[], float]


def is_expensive(request: Request | Problem | None) -> TypeGuard[Request]:
    """Return whether a request is expensive; only a few of these may run concurrently."""
    return (
        isinstance(request, Request) and request.command == "latent" and request.verb in EXPENSIVE
    )


def wait_notice(request: Request | Problem | None) -> str:
    """Return the notice to send at once for a slow request, or an empty string."""
    return UNDER_WAY.get(request.verb, "") if is_expensive(request) else ""


class TokenBucket:
    """A token bucket that allows `burst` requests at once, then one every `interval` seconds.

    Stores only the time at which the bucket will be full again. Not thread-safe.
    """

    def __init__(self, burst: int, interval: float) -> None:
        self._leeway = (burst - 1) * interval
        self._interval = interval
        self._full_at = 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until the next request is allowed, or 0."""
        return max(0.0, self._full_at - now - self._leeway)

    def take(self, now: float) -> None:
        self._full_at = max(self._full_at, now) + self._interval


class RateLimiter:
    """Limits requests per minute: `person` for each user, `everybody` for all users together. 0
    means no limit. Thread-safe."""

    def __init__(self, person: int = 0, everybody: int = 0, clock: Clock = time.monotonic) -> None:
        self._person = person
        self._everybody = TokenBucket(everybody, MINUTE_S / everybody) if everybody else None
        self._people = LRUCache[str, TokenBucket](MAX_USERS)
        self._clock = clock
        self._lock = threading.Lock()

    def check(self, person: str) -> Problem | None:
        """Take a token from the user's bucket and one from the shared bucket.

        Returns a `Problem` if either bucket is empty. A refused request takes no token.
        """
        with self._lock:
            now = self._clock()
            own, shared = self._bucket_of(person), self._everybody
            if own is not None and (wait := own.wait(now)):
                return _refused("You have sent too many requests.", wait)
            if shared is not None and (wait := shared.wait(now)):
                return _refused("Nearsay is receiving too many requests right now.", wait)
            for bucket in (own, shared):
                if bucket is not None:
                    bucket.take(now)
            return None

    def _bucket_of(self, person: str) -> TokenBucket | None:
        if not self._person:
            return None
        return self._people.setdefault(person, TokenBucket(self._person, MINUTE_S / self._person))


def _refused(message: str, wait: float) -> Problem:
    seconds = math.ceil(wait)
    when = "a second" if seconds == 1 else f"{seconds} seconds"
    return Problem(
        code=TOO_MANY,
        message=message,
        hint=f"Please try again in {when}.",
    )
