"""Sending to a response_url: delivery, retries and failures."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.slack.blocks.elements import Message
from bot.slack.response_url import send

MESSAGE = Message("the text", [{"type": "divider"}])
PASSING = ("internal_error", "ratelimited", "token_revoked")


@dataclass
class ResponseUrl:
    """A response_url that gives the next of `answers` (status, body, headers), then `ok`; None
    closes the connection."""

    url: str
    answers: list[tuple[int, str, dict[str, str]] | None] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)

    def will_answer(self, status: int, body: str, **headers: str) -> None:
        self.answers.append((status, body, {k.replace("_", "-"): v for k, v in headers.items()}))


@pytest.fixture
def slack() -> Iterator[ResponseUrl]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.received.append(json.loads(body))
            answer = there.answers.pop(0) if there.answers else (200, "ok", {})
            if answer is None:
                self.close_connection = True
                return
            status, text, headers = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = ResponseUrl(f"http://127.0.0.1:{server.server_port}/commands/T1/1/x")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield there
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "ok"),
        (200, '{"ok": true}\n'),
        (404, '{"ok":false,"error":"used_url"}'),
        (404, '{"ok":false,"error":"expired_url"}'),
    ],
)
def test_an_accepted_or_permanently_refused_message_is_not_resent(
    slack: ResponseUrl, status: int, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.will_answer(status, body)
    assert send(slack.url, MESSAGE, in_channel=False) is None
    assert len(slack.received) == 1
    assert ("accepts no more" in caplog.text) is (status == 404)


@pytest.mark.parametrize(
    ("status", "body", "after", "seconds"),
    [
        *((200, f'{{"ok": false, "error": "{code}"}}', None, 0) for code in PASSING),
        (429, "no", "2.5", 2.5),
        (429, "no", "1000000000000", 600),
        (429, "no", None, 0),
        (500, "no", None, 0),
        (503, "no", "20", 20),
    ],
)
def test_a_transient_refusal_says_when_to_retry(
    slack: ResponseUrl, status: int, body: str, after: str | None, seconds: float
) -> None:
    slack.will_answer(status, body, **({"Retry_After": after} if after else {}))
    started = time.monotonic()
    assert send(slack.url, MESSAGE, in_channel=False) == seconds
    assert time.monotonic() - started < 0.5, "the retry does not block a thread"
    assert len(slack.received) == 1, "the text is not sent without the blocks"


@pytest.mark.parametrize("url", ["", "no url", "ftp://a.test/x", "http://", "file:///"], ids=repr)
def test_an_invalid_url_raises_nothing(url: str, caplog: pytest.LogCaptureFixture) -> None:
    assert send(url, MESSAGE, in_channel=False) in (None, 0)
    assert "a reply could not be sent" in caplog.text, "the URL is not opened"


@pytest.mark.parametrize("status", [307, 400])
def test_a_message_refused_with_and_without_blocks_is_dropped(
    slack: ResponseUrl, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        slack.will_answer(status, "there", Location=f"{slack.url}/elsewhere")
    assert send(slack.url, MESSAGE, in_channel=False) is None
    assert [message.get("blocks") for message in slack.received] == [MESSAGE.blocks, None]
    assert str(status) in caplog.text
