"""Tests of HTTP requests that another process has already received."""

import io
import time
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.slack.http_server import PATH, SignatureMiddleware
from index.errors import LedgerError

SECRET, BODY = "of the app", "command=%2Fnear&text=hawser"


@pytest.mark.parametrize(
    ("first", "status"),
    [
        (True, "200 OK"),
        (False, "401 Unauthorized"),
        (LedgerError("The database is locked."), "503 Service Unavailable"),
    ],
    ids=["new", "known", "unknown"],
)
def test_request_that_another_process_may_have_received_is_rejected(
    first: bool | LedgerError, status: str
) -> None:
    def inner(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"taken"]

    asked, statuses, now = list[str](), list[str](), str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=BODY)
    environ = {
        "PATH_INFO": PATH,
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": now,
        "HTTP_X_SLACK_SIGNATURE": signature,
        "wsgi.input": io.BytesIO(BODY.encode()),
    }

    def is_first(one: str) -> bool:
        asked.append(one)
        if isinstance(first, LedgerError):
            raise first
        return first

    verified = SignatureMiddleware(inner, SECRET, is_first)
    verified(environ, lambda status_line, *_: statuses.append(status_line))  # type: ignore[arg-type]
    assert (statuses, asked) == ([status], [signature])
