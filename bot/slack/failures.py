"""What can go wrong when Slack's Web API is called."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

# Slack says no, slack_sdk does, or the connection breaks.
FAILURES = (SlackApiError, SlackClientError, OSError, http.client.HTTPException)
PATIENCE = 30.0  # seconds that Slack may ask us to wait


def code_of(error: Exception) -> str:
    """Slack's code, such as `ratelimited`; the kind of error where Slack gave none."""
    answer = _answer(error)
    code = answer.get("error") if answer else None
    return str(code or type(error).__name__)[:100]


def is_passing(error: Exception) -> bool:
    """Whether the same call may do in a moment."""
    if not isinstance(error, SlackApiError):
        return True
    status = getattr(error.response, "status_code", 0)
    return status >= 500 or code_of(error) in ("ratelimited", "internal_error", "fatal_error")


def wait_of(error: Exception) -> float:
    """The seconds that Slack asks us to wait, within reason; 0 where it does not."""
    response = getattr(error, "response", None)
    headers = getattr(response, "headers", None) or {}
    if isinstance(response, dict):
        headers = response.get("headers") or {}
    asked = str({key.casefold(): value for key, value in headers.items()}.get("retry-after", ""))
    return min(PATIENCE, float(asked)) if asked.isascii() and asked.isdecimal() else 0.0


def _answer(error: Exception) -> Mapping[str, Any]:
    """What Slack answered, where it was JSON. slack_sdk gives a response of its own class, or a
    dictionary of status, headers and body where the body was none."""
    response = getattr(error, "response", None)
    data = getattr(response, "data", response)
    return data if isinstance(data, dict) else {}
