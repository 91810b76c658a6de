"""Tests of HTTP requests that another process has already received."""

import io
import time
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.slack.http_server import PATH, SignatureMiddleware

SECRET, BODY = "of the app", "command=%2Fnear&text=hawser"


@pytest.mark.parametrize(("first", "status"), [(True, "200 OK"), (False, "401 Unauthorized")])
def test_request_received_by_another_process_is_rejected(first: bool, status: str) -> None:
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
    verified = SignatureMiddleware(inner, SECRET, lambda one: asked.append(one) or first)  # type: ignore[func-returns-value]
    verified(environ, lambda status_line, *_: statuses.append(status_line))  # type: ignore[arg-type]
    assert (statuses, asked) == ([status], [signature])
