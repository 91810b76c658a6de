"""How much one person, and all of them together, may ask in a while, and what is expensive.

Who has asked little for a time may ask much at once; after that it is as often as is set. Nothing
of it is kept beyond the process.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from bot.commands.spec import Request
from bot.ops.bounded_dict import BoundedDict
from bot.replies.base import Problem

TOO_MANY = "too_many"  # the code of a request that was refused
MINUTE = 60.0  # seconds
PEOPLE = 10_000  # of whom it is known how much they asked; who asked longest ago is forgotten

EXPENSIVE = ("shift", "map", "models", "path")  # verbs of /latent that take seconds at worst
UNDER_WAY = {"map": "Drawing the map …", "models": "Asking the other models …"}

Clock = Callable[[], float]


def is_expensive(request: Request | Problem | None) -> bool:
    """Whether a request is one of which few are worked out at the same time."""
    return (
        isinstance(request, Request) and request.command == "latent" and request.verb in EXPENSIVE
    )


def wait_notice(request: Request | Problem | None) -> str:
    """What is said at once where a request takes long; empty where it does not."""
    if isinstance(request, Request) and is_expensive(request):
        return UNDER_WAY.get(request.verb, "")
    return ""


class TokenBucket:
    """As many as `burst` at once, and then one every `interval` seconds.

    What it keeps is when it will be as if nothing had been taken. Not for threads to share.
    """

    def __init__(self, burst: int, interval: float) -> None:
        self._leeway = (burst - 1) * interval
        self._interval = interval
        self._rested = 0.0

    def wait(self, now: float) -> float:
        """The seconds until the next may be taken; 0 when it may be now."""
        return max(0.0, self._rested - now - self._leeway)

    def take(self, now: float) -> None:
        self._rested = max(self._rested, now) + self._interval


class RateLimiter:
    """Requests a minute: `person` of each, `everybody` of all together; 0 is no limit. Threads may
    share it."""

    def __init__(self, person: int = 0, everybody: int = 0, clock: Clock = time.monotonic) -> None:
        self._person = person
        self._everybody = TokenBucket(everybody, MINUTE / everybody) if everybody else None
        self._people = BoundedDict[str, TokenBucket](PEOPLE)
        self._clock = clock
        self._lock = threading.Lock()

    def refusal(self, person: str) -> Problem | None:
        """Takes a request of a person, by their id; what is said to them where it is one too many.

        A request that is refused counts for nobody.
        """
        with self._lock:
            now = self._clock()
            own, shared = self._bucket_of(person), self._everybody
            if own is not None and (wait := own.wait(now)):
                return _refused("You have asked a great deal in a short time.", wait)
            if shared is not None and (wait := shared.wait(now)):
                return _refused("A great deal is being asked here just now.", wait)
            for bucket in (own, shared):
                if bucket is not None:
                    bucket.take(now)
            return None

    def _bucket_of(self, person: str) -> TokenBucket | None:
        if not self._person:
            return None
        bucket = self._people.get(person) or TokenBucket(self._person, MINUTE / self._person)
        self._people[person] = bucket
        return bucket


def _refused(message: str, wait: float) -> Problem:
    seconds = math.ceil(wait)
    when = "a second" if seconds == 1 else f"{seconds} seconds"
    return Problem(
        code=TOO_MANY,
        message=message,
        hint=f"Please ask again in {when}: it will be answered then.",
    )
