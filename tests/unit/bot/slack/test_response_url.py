"""Tests of sending to a response_url: retries and failures."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.slack.blocks.elements import Message
from bot.slack.response_url import send

MESSAGE = Message("the text", [{"type": "divider"}])
PASSING = ("internal_error", "ratelimited", "token_revoked")
URL = "https://hooks.slack.test/commands/T1/1/x"
Responses = Callable[..., list[Any]]


@pytest.fixture
def respond(monkeypatch: pytest.MonkeyPatch) -> Responses:
    """Return a function that sets Slack's response and returns the list of sent blocks."""

    def set_response(status: int, body: str, headers: dict[str, str]) -> list[Any]:
        sent: list[Any] = []

        def receive(_: WebhookClient, *, blocks: Any, **others: Any) -> WebhookResponse:
            sent.append(blocks)
            return WebhookResponse(url=URL, status_code=status, body=body, headers=headers)

        monkeypatch.setattr(WebhookClient, "send", receive)
        return sent

    return set_response


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "ok"),
        (200, '{"ok": true}\n'),
        (404, '{"ok":false,"error":"used_url"}'),
        (404, '{"ok":false,"error":"expired_url"}'),
    ],
)
def test_accepted_or_permanently_rejected_message_is_not_resent(
    respond: Responses, status: int, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = respond(status, body, {})
    assert send(URL, MESSAGE, in_channel=False) is None
    assert sent == [MESSAGE.blocks]
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
def test_transient_error_returns_the_retry_delay(
    respond: Responses, status: int, body: str, after: str | None, seconds: float
) -> None:
    sent = respond(status, body, {"Retry-After": after} if after else {})
    assert send(URL, MESSAGE, in_channel=False) == seconds
    assert len(sent) == 1, "the text is not sent without the blocks"


@pytest.mark.parametrize("url", ["", "no url", "ftp://a.test/x", "http://", "file:///"], ids=repr)
def test_invalid_url_raises_no_exception(url: str, caplog: pytest.LogCaptureFixture) -> None:
    assert send(url, MESSAGE, in_channel=False) in (None, 0)
    assert "a reply could not be sent" in caplog.text, "the URL is not opened"


@pytest.mark.parametrize("status", [307, 400])
def test_message_rejected_with_and_without_blocks_is_dropped(
    respond: Responses, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    sent = respond(status, "there", {"Location": f"{URL}/elsewhere"})
    assert send(URL, MESSAGE, in_channel=False) is None
    assert sent == [MESSAGE.blocks, None]
    assert str(status) in caplog.text
