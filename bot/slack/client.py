"""Clients for Slack's Web API.

They share one SSL context, since loading the root certificates takes ten milliseconds.
"""

import math
import ssl
import threading
import time
from collections import defaultdict
from functools import cache
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RetryHandler
from slack_sdk.http_retry.builtin_handlers import ServerErrorRetryHandler
from slack_sdk.web import SlackResponse

from bot.config import Settings
from bot.ops.rate_limit import MINUTE_S, TokenBucket
from bot.slack.api_errors import FAILURES, is_retryable

CALL_TIMEOUT_S = 10
# Calls per minute that Slack allows to an app, of the methods that run out first.
# https://docs.slack.dev/apis/web-api/rate-limits
PER_MINUTE = {"conversations.replies": 50, "conversations.history": 50, "chat.update": 50}
LONGEST_WAIT_S = 1.0  # for a token; the call fails if it would have to wait longer
UNREACHABLE_AFTER_S = 20.0  # seconds of failed calls after which Slack is unreachable


@cache
def ssl_context() -> ssl.SSLContext:
    return ssl.create_default_context()


class Reachability:
    """Tracks whether Slack accepts calls. Thread-safe."""

    refused_since: float | None = None  # monotonic time

    def record(self, *, accepted: bool) -> None:
        if accepted:
            self.refused_since = None
        elif self.refused_since is None:
            self.refused_since = time.monotonic()

    @property
    def is_unreachable(self) -> bool:
        """Whether all calls have failed for `UNREACHABLE_AFTER_S` seconds."""
        since = self.refused_since
        return since is not None and time.monotonic() - since >= UNREACHABLE_AFTER_S


reach = Reachability()


class Quota:
    """The calls of each method that Slack allows to one token. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets = {
            method: TokenBucket(count, MINUTE_S / count) for method, count in PER_MINUTE.items()
        }

    def take(self, method: str) -> None:
        """Wait until a method may be called. Raises the `SlackApiError` that Slack would answer
        with if that is later than `LONGEST_WAIT_S`."""
        bucket = self._buckets.get(method)
        if bucket is None:
            return
        with self._lock:
            now = time.monotonic()
            wait = bucket.wait(now)
            if wait <= LONGEST_WAIT_S:
                bucket.take(now)
        if wait > LONGEST_WAIT_S:
            headers = {"Retry-After": str(math.ceil(wait))}
            refusal = {"ok": False, "error": "ratelimited", "status": 429, "headers": headers}
            message = f"{method} would exceed Slack's rate limit"
            raise SlackApiError(message, refusal)  # type: ignore[no-untyped-call]
        time.sleep(wait)


_quotas: defaultdict[str | None, Quota] = defaultdict(Quota)  # by token


class _Client(WebClient):
    """A client that keeps within Slack's quota, and records in `reach` whether Slack accepts its
    calls."""

    def api_call(self, api_method: str, *args: Any, **others: Any) -> SlackResponse:
        _quotas[self.token].take(api_method)
        try:
            answer = super().api_call(api_method, *args, **others)
        except FAILURES as error:
            reach.record(accepted=not is_retryable(error))
            raise
        reach.record(accepted=True)
        return answer


def web_client(
    settings: Settings,
    seconds: int = 0,
    *,
    once: bool = False,
    anonymous: bool = False,
    patient: bool = False,
) -> WebClient:
    """Build a client with a timeout of `seconds` per call (default: `CALL_TIMEOUT_S`).

    An `anonymous` client has no token. `once` disables the retry after a connection error;
    `patient` adds a retry after a server error.
    """
    token = settings.slack_bot_token
    handlers: list[RetryHandler] = [] if once else [ConnectionErrorRetryHandler()]
    if patient:
        handlers.append(ServerErrorRetryHandler())
    return _Client(
        token=token.get_secret_value() if token and not anonymous else None,
        base_url=settings.slack_api_url,
        timeout=seconds or CALL_TIMEOUT_S,
        ssl=ssl_context(),
        retry_handlers=handlers,
    )


def header(answer: SlackResponse, name: str) -> str:
    """Return a header of Slack's answer by its name in lower case; empty without it."""
    for key, value in answer.headers.items():
        if key.casefold() == name:
            return str(value[0] if isinstance(value, list) else value)
    return ""
