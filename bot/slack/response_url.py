"""Replies through a response_url, where a command or a button came from."""

from __future__ import annotations

import json
import logging

from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
)
from slack_sdk.webhook import WebhookClient

from bot import metrics
from bot.slack.elements import Message

logger = logging.getLogger(__name__)

SECONDS = 10  # that sending one message may take
GONE = ("used_url", "expired_url")  # a response_url that takes no more


def send(url: str, message: Message, *, in_channel: bool) -> bool:
    """Posts a message to a response_url; when Slack refuses its blocks, the text alone.

    Returns whether there is nothing more to try: the message has arrived, or the url is used up.
    """
    client = WebhookClient(
        url,
        timeout=SECONDS,
        retry_handlers=[ConnectionErrorRetryHandler(), RateLimitErrorRetryHandler(2)],
    )
    for blocks in (message.blocks, None):
        try:
            answer = client.send(
                text=message.text,
                blocks=blocks,
                response_type="in_channel" if in_channel else "ephemeral",
                replace_original=message.replaces,
                unfurl_links=False,
                unfurl_media=False,
            )
        except (OSError, ValueError, SlackClientError):
            metrics.REPLIES_NOT_SENT.labels("response_url").inc()
            logger.exception("a reply could not be sent")
            return False
        if answer.status_code == 200 and not _refused(answer.body):
            return True
        if any(code in answer.body for code in GONE):
            logger.warning("a response_url takes no more replies: %s", answer.body[:80])
            return True
        metrics.REPLIES_NOT_SENT.labels("response_url").inc()
        logger.error(
            "Slack refused a reply (%s %s)%s",
            answer.status_code,
            answer.body[:200],
            "; its text alone is sent" if blocks else "",
        )
    return False


def _refused(body: str) -> bool:
    """Whether a response_url answered with an error: its body is `ok`, or JSON with `ok`."""
    try:
        content = json.loads(body)
    except ValueError:
        return body.strip() != "ok"
    return isinstance(content, dict) and not content.get("ok", True)
