"""What can go wrong when Slack's Web API is called."""

from __future__ import annotations

import http.client
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from index.errors import NearsayError

logger = logging.getLogger(__name__)

# Slack says no, slack_sdk does, or the connection breaks.
FAILURES = (SlackApiError, SlackClientError, OSError, http.client.HTTPException)
PATIENCE = 600.0  # seconds of the longest Retry-After that is honoured
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_PASSING = (
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
)
# What whoever runs the bot mends, by another token.
TOKEN_ERRORS = ("token_revoked", "token_expired", "account_inactive", "invalid_auth", "not_authed")


@contextmanager
def only_logged(what: str) -> Iterator[None]:
    """What goes wrong in the block in a way that is known, on which nothing depends, is logged, and
    no more."""
    try:
        yield
    except NearsayError as error:
        logger.warning("%s: %s", what, error.message)
    except FAILURES as error:
        logger.info("%s: %s", what, code_of(error))


def code_of(error: Exception) -> str:
    """Slack's code, such as `ratelimited`; the kind of error where Slack gave none."""
    answer = _answer(error)
    code = answer.get("error") if answer else None
    return str(code or type(error).__name__)[:100]


def is_retryable(error: Exception) -> bool:
    """Whether the same call may do later."""
    if not isinstance(error, SlackApiError):
        return True
    response = error.response
    status = response.get("status") if isinstance(response, dict) else response.status_code
    return (status or 0) >= 500 or status == 429 or passes(code_of(error))


def passes(code: str) -> bool:
    """Whether the same call may do later where Slack answered with this code."""
    return code in (*_PASSING, *TOKEN_ERRORS)


def wait_of(error: Exception) -> float:
    """The seconds that Slack asks us to wait, within reason; 0 where it does not."""
    response = getattr(error, "response", None)
    headers = getattr(response, "headers", None) or {}
    if isinstance(response, dict):
        headers = response.get("headers") or {}
    return retry_after(headers)


def retry_after(headers: Mapping[str, Any]) -> float:
    """The seconds of `Retry-After` among headers, within reason; 0 where it is no number. slack_sdk
    has the values of some answers as lists."""
    asked = {key.casefold(): value for key, value in headers.items()}.get("retry-after", "")
    asked = str(asked[0] if isinstance(asked, list) and asked else asked).strip()
    return min(PATIENCE, float(asked)) if _SECONDS.fullmatch(asked) else 0.0


def _answer(error: Exception) -> Mapping[str, Any]:
    """What Slack answered, where it was JSON. slack_sdk gives a response of its own class, or a
    dictionary of status, headers and body where the body was none."""
    response = getattr(error, "response", None)
    data = getattr(response, "data", response)
    return data if isinstance(data, dict) else {}
