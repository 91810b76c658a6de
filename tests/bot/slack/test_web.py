"""Requests over HTTP, before anything reads them."""

from __future__ import annotations

import hashlib
import hmac
import io
import time
from collections.abc import Iterable
from typing import Any

import pytest

from bot.slack.web import PATH, Verified

SECRET, BODY = "of the app", b"command=%2Fnear&text=hawser"


def inner(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"taken"]


def status_of(door: Verified) -> str:
    """What a signed request is answered with."""
    timestamp = str(int(time.time()))
    signed = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + BODY, hashlib.sha256)
    statuses: list[str] = []
    door(
        {
            "PATH_INFO": PATH,
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp,
            "HTTP_X_SLACK_SIGNATURE": f"v0={signed.hexdigest()}",
            "wsgi.input": io.BytesIO(BODY),
        },
        lambda status, _headers: statuses.append(status),
    )
    return statuses[0]


@pytest.mark.parametrize(("first", "status"), [(True, "200 OK"), (False, "401 Unauthorized")])
def test_what_another_process_has_had_is_refused(first: bool, status: str) -> None:
    asked: list[str] = []

    def is_first(signature: str) -> bool:
        asked.append(signature)
        return first

    assert status_of(Verified(inner, SECRET, is_first)) == status
    assert asked[0].startswith("v0=")
