"""Tests of sending to a response_url: retries and failures."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.slack.blocks.elements import Message
from bot.slack.response_url import send

MESSAGE = Message("the text", [{"type": "divider"}])
REFUSED = ("used_url", "expired_url")
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
    ("status", "body", "after", "delay", "sent"),
    [
        # Accepted, or refused for ever.
        (200, "ok", None, None, 1),
        (200, '{"ok": true}\n', None, None, 1),
        *((404, f'{{"ok":false,"error":"{code}"}}', None, None, 1) for code in REFUSED),
        # Refused with its blocks and without them.
        (307, "there", None, None, 2),
        (400, "there", None, None, 2),
        # To be sent again: the delay in seconds. The text is not sent without its blocks.
        *((200, f'{{"ok": false, "error": "{code}"}}', None, 0, 1) for code in PASSING),
        (429, "no", "2.5", 2.5, 1),
        (429, "no", "1000000000000", 600, 1),
        (429, "no", None, 0, 1),
        (500, "no", None, 0, 1),
        (503, "no", "20", 20, 1),
    ],
)
def test_message_is_sent_again_only_after_a_transient_error(
    respond: Responses, status: int, body: str, after: str | None, delay: float | None, sent: int
) -> None:
    blocks = respond(status, body, {"Retry-After": after} if after else {})
    assert send(URL, MESSAGE, in_channel=False) == delay
    assert blocks == [MESSAGE.blocks, None][:sent]


@pytest.mark.parametrize("url", ["", "no url", "ftp://a.test/x", "http://", "file:///"], ids=repr)
def test_invalid_url_raises_no_exception(url: str, caplog: pytest.LogCaptureFixture) -> None:
    assert send(url, MESSAGE, in_channel=False) in (None, 0)
    assert "a reply could not be sent" in caplog.text, "the URL is not opened"
