"""What can go wrong at Slack's Web API, in whatever form slack_sdk gives it."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.slack.failures import FAILURES, PATIENCE, code_of, is_passing, wait_of
from tests.bot.slack import failure

# slack_sdk gives a dictionary where the answer was no JSON.
NO_JSON = SlackApiError("x", {"status": 503, "headers": {"retry-after": "3"}, "body": "<html>"})  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("error", "code", "passing"),
    [
        (failure("ratelimited", 429), "ratelimited", True),
        (failure("internal_error"), "internal_error", True),
        (failure("x" * 500, 503), "x" * 100, True),
        (failure("invalid_blocks"), "invalid_blocks", False),
        (failure("is_archived"), "is_archived", False),
        (failure(""), "SlackApiError", False),
        (NO_JSON, "SlackApiError", True),
        (failure("token_revoked"), "token_revoked", True),
        (failure("account_inactive"), "account_inactive", True),
        (failure("channel_not_found"), "channel_not_found", False),
        (failure("not_in_channel"), "not_in_channel", False),
        (SlackRequestError("x"), "SlackRequestError", True),
        (TimeoutError(), "TimeoutError", True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_has_a_code_and_passes_or_not(
    error: Exception, code: str, *, passing: bool
) -> None:
    assert isinstance(error, FAILURES)
    assert code_of(error) == code
    assert is_passing(error) is passing


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (failure("ratelimited", 429, Retry_After="7"), 7),
        (failure("ratelimited", 429, retry_after="7"), 7),
        (failure("ratelimited", 429, Retry_After="86400"), PATIENCE),
        (failure("ratelimited", 429, Retry_After="0.5"), 0.5),
        (failure("ratelimited", 429, Retry_After="soon"), 0),
        (failure("ratelimited", 429, Retry_After="-1"), 0),
        (failure("ratelimited", 429, Retry_After="٣"), 0),
        (failure("ratelimited", 429), 0),
        (NO_JSON, 3),
        (TimeoutError(), 0),
    ],
)
def test_the_time_to_wait_is_read_and_bounded(error: Exception, seconds: float) -> None:
    assert wait_of(error) == seconds
