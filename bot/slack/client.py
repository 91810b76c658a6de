"""Clients for Slack's Web API.

They share one SSL context, since loading the root certificates takes ten milliseconds.
"""

import ssl
import time
from functools import cache
from typing import Any

from slack_sdk import WebClient
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RetryHandler
from slack_sdk.http_retry.builtin_handlers import ServerErrorRetryHandler
from slack_sdk.web import SlackResponse

from bot.config import Settings
from bot.slack.api_errors import FAILURES, is_retryable

CALL_TIMEOUT_S = 10
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


class _Client(WebClient):
    """A client that records in `reach` whether Slack accepts its calls."""

    def api_call(self, *args: Any, **others: Any) -> SlackResponse:
        try:
            answer = super().api_call(*args, **others)
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
