"""Rate limits for each user and for all users, and the costs of requests.

Limits are token buckets: bursts first, then a steady rate. A request takes as many tokens as it
costs. Their state is in this process only.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import TypeGuard

from cachetools import LRUCache

from bot.commands.spec import Request
from bot.replies.base import Problem
from index.text import normalized

TOO_MANY = "too_many"
MINUTE_S = 60.0
MAX_USERS = 10_000  # users with a bucket; the one idle longest is dropped

# The costs of the verbs of /latent with short texts. Any other request costs one token.
COSTS = {
    **dict.fromkeys(("compare", "odd", "blend", "wander"), 2),
    **dict.fromkeys(("path", "models"), 10),
    **dict.fromkeys(("map", "shift"), 20),
}
CHARACTERS = 500  # of a text that cost one more token
EXPENSIVE = 10  # cost of a verb that may take seconds
UNDER_WAY = {"map": "Drawing the map …", "models": "Asking the other models …"}

Clock = Callable[[], float]


def cost_of(request: Request) -> int:
    """Return the number of tokens that a request takes."""
    return _verb_cost(request) + len(normalized(request.text)) // CHARACTERS


def is_expensive(request: Request | Problem | None) -> TypeGuard[Request]:
    """Return whether a request is expensive; only a few of these may run concurrently."""
    return isinstance(request, Request) and _verb_cost(request) >= EXPENSIVE


def _verb_cost(request: Request) -> int:
    return COSTS.get(request.verb, 1) if request.command == "latent" else 1


def wait_notice(request: Request | Problem | None) -> str:
    """Return the notice to send at once for a slow request, or an empty string."""
    return UNDER_WAY.get(request.verb, "") if is_expensive(request) else ""


class TokenBucket:
    """A token bucket that gives `burst` tokens at once, then one every `interval` seconds. More
    than `burst` count as `burst`.

    Stores only the time at which the bucket will be full again. Not thread-safe.
    """

    def __init__(self, burst: int, interval: float) -> None:
        self._burst = burst
        self._interval = interval
        self._full_at = 0.0

    def wait(self, now: float, tokens: int = 1) -> float:
        """Return the seconds until so many tokens can be taken, or 0."""
        return max(0.0, self._full_at - now - max(0, self._burst - tokens) * self._interval)

    def take(self, now: float, tokens: int = 1) -> None:
        self._full_at = max(self._full_at, now) + min(tokens, self._burst) * self._interval


class RateLimiter:
    """Limits tokens per minute: `person` for each user, `everybody` for all users together. 0 means
    no limit. Thread-safe."""

    def __init__(self, person: int = 0, everybody: int = 0, clock: Clock = time.monotonic) -> None:
        self._person = person
        self._everybody = TokenBucket(everybody, MINUTE_S / everybody) if everybody else None
        self._people = LRUCache[str, TokenBucket](MAX_USERS)
        self._clock = clock
        self._lock = threading.Lock()

    def check(self, person: str, cost: int = 1) -> Problem | None:
        """Take `cost` tokens from the user's bucket and from the shared bucket.

        Returns a `Problem` if either bucket has too few. A refused request takes no token.
        """
        with self._lock:
            now = self._clock()
            own, shared = self._bucket_of(person), self._everybody
            if own is not None and (wait := own.wait(now, cost)):
                return _refused("You have sent too many requests.", wait)
            if shared is not None and (wait := shared.wait(now, cost)):
                return _refused("Nearsay is receiving too many requests right now.", wait)
            for bucket in (own, shared):
                if bucket is not None:
                    bucket.take(now, cost)
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
