"""Errors from Slack's Web API: their codes, and whether and when to retry the call."""

import http.client
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from index.errors import NearsayError

logger = logging.getLogger(__name__)

# An error from Slack, from slack_sdk, or from the connection.
FAILURES = (SlackApiError, SlackClientError, OSError, http.client.HTTPException)
MAX_RETRY_AFTER_S = 600.0  # seconds; a longer Retry-After is reduced to this
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_TRANSIENT = (
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
)
# Errors that the operator fixes by replacing the token.
TOKEN_ERRORS = ("token_revoked", "token_expired", "account_inactive", "invalid_auth", "not_authed")


@contextmanager
def log_errors(what: str) -> Iterator[None]:
    """Suppress any `NearsayError` or `FAILURES` in the block; log it with the prefix `what`."""
    try:
        yield
    except NearsayError as error:
        logger.warning("%s: %s", what, error.message)
    except FAILURES as error:
        logger.info("%s: %s", what, error_code(error))


def error_code(error: Exception) -> str:
    """Return Slack's error code, such as `ratelimited`, or the class name of the error."""
    # slack_sdk gives a response object, or a dict if the response was not JSON.
    response = getattr(error, "response", None)
    data = getattr(response, "data", response)
    code = data.get("error") if isinstance(data, dict) else None
    return str(code or type(error).__name__)[:100]


def is_retryable(error: Exception) -> bool:
    """Return whether the same call may succeed later."""
    if not isinstance(error, SlackApiError):
        return True
    response = error.response
    status = response.get("status") if isinstance(response, dict) else response.status_code
    return (status or 0) >= 500 or status == 429 or is_transient(error_code(error))


def is_transient(code: str) -> bool:
    """Return whether a call that failed with this code may succeed later."""
    return code in (*_TRANSIENT, *TOKEN_ERRORS)


def retry_delay(error: Exception) -> float:
    """Return the `Retry-After` of the error's response in seconds (see `retry_after`)."""
    response = getattr(error, "response", None)
    headers = getattr(response, "headers", None)
    return retry_after((response.get("headers") if isinstance(response, dict) else headers) or {})


def retry_after(headers: Mapping[str, Any]) -> float:
    """Return `Retry-After` in seconds, at most `MAX_RETRY_AFTER_S`, or 0 if missing or invalid."""
    values = {key.casefold(): str(value) for key, value in headers.items()}
    asked = values.get("retry-after", "").strip()
    return min(MAX_RETRY_AFTER_S, float(asked)) if _SECONDS.fullmatch(asked) else 0.0
