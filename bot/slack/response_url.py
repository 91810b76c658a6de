"""Sends replies to commands and buttons through their response_url."""

import json
import logging
from http.client import RemoteDisconnected

from slack_sdk.errors import SlackRequestError
from slack_sdk.http_retry import ConnectionErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from bot.ops import metrics
from bot.slack.api_errors import FAILURES, error_code, is_transient, retry_after
from bot.slack.blocks.admin import note
from bot.slack.blocks.elements import Message
from bot.slack.client import reach, ssl_context

logger = logging.getLogger(__name__)

TIMEOUT_S = 10  # seconds
GONE = ("used_url", "expired_url")  # errors of a response_url that accepts no more messages


def send(
    url: str, message: Message, *, in_channel: bool, timeout_s: int = TIMEOUT_S
) -> float | None:
    """Post a message; retry without blocks if Slack rejects them.

    Returns the delay before a retry in seconds, 0 if Slack names none. Returns None if Slack
    accepted the message or a retry cannot succeed.
    """
    # Broken connections are retried; timeouts are not, since a retry may take as long.
    broken = ConnectionErrorRetryHandler(error_types=[ConnectionError, RemoteDisconnected])
    for blocks in (message.blocks, None):
        try:
            client = WebhookClient(url, timeout_s, ssl_context(), retry_handlers=[broken])
            answer = client.send(
                text=message.text,
                blocks=blocks or None,
                response_type="in_channel" if in_channel else "ephemeral",
                replace_original=message.replaces,
                unfurl_links=False,
                unfurl_media=False,
            )
        except (SlackRequestError, ValueError):
            logger.exception("a reply could not be sent and is not retried")
            return None
        except FAILURES as error:
            reach.record(accepted=False)
            metrics.REPLIES_NOT_SENT.labels("response_url").inc()
            logger.warning("a reply could not be sent: %s", error_code(error))
            return 0.0
        status, refusal = answer.status_code, _refusal(answer.body)
        reach.record(accepted=status != 429 and status < 500)
        if status == 200 and not refusal:
            return None
        if any(code in answer.body for code in GONE):
            logger.warning("a response_url accepts no more replies: %s", answer.body[:80])
            return None
        metrics.REPLIES_NOT_SENT.labels("response_url").inc()
        if status == 429 or status >= 500 or is_transient(refusal):
            logger.warning("Slack temporarily refused a reply (%s %s)", status, refusal[:80])
            return retry_after(answer.headers)
        rest = "; sending only its text" if blocks else ""
        logger.error("Slack refused a reply (%s %s)%s", status, answer.body[:200], rest)
    return None


def send_notice(url: str, text: str, timeout_s: int = TIMEOUT_S) -> None:
    """Send an ephemeral notice to the user, if there is a response_url."""
    if url:
        send(url, note(text), in_channel=False, timeout_s=timeout_s)


def _refusal(body: str) -> str:
    """Return the error in the response body, or an empty string if Slack accepted the message."""
    try:
        content = json.loads(body)
    except ValueError:
        return "" if body.strip() == "ok" else body.strip() or "nothing"
    refused = isinstance(content, dict) and not content.get("ok", True)
    return str(content.get("error") or "not ok") if refused else ""
