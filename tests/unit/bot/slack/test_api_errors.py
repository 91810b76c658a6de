"""Web API errors in each form raised by slack_sdk."""

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.slack.api_errors import FAILURES, MAX_RETRY_AFTER_S, error_code, is_retryable, retry_delay
from tests.unit.bot.slack import failure

# slack_sdk gives a dictionary if the response is not JSON.
NO_JSON = SlackApiError("x", {"status": 503, "headers": {"retry-after": "3"}, "body": "<html>"})  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("error", "code", "passing", "seconds"),
    [
        (failure("ratelimited", 429, Retry_After="7"), "ratelimited", True, 7),
        (failure("ratelimited", 429, retry_after="0.5"), "ratelimited", True, 0.5),
        (failure("ratelimited", 429, Retry_After="86400"), "ratelimited", True, MAX_RETRY_AFTER_S),
        *(
            (failure("ratelimited", 429, Retry_After=wait), "ratelimited", True, 0)
            for wait in ("soon", "-1", "٣")
        ),
        (failure("x" * 500, 503), "x" * 100, True, 0),
        *((failure(code), code, True, 0) for code in ("internal_error", "token_revoked")),
        *((failure(code), code, False, 0) for code in ("invalid_blocks", "not_in_channel")),
        (failure(""), "SlackApiError", False, 0),
        (NO_JSON, "SlackApiError", True, 3),
        (SlackRequestError("x"), "SlackRequestError", True, 0),
        (TimeoutError(), "TimeoutError", True, 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_error_code_and_retry_delay_are_read_from_each_form_of_error(
    error: Exception, code: str, seconds: float, *, passing: bool
) -> None:
    assert isinstance(error, FAILURES)
    assert (error_code(error), is_retryable(error), retry_delay(error)) == (code, passing, seconds)
