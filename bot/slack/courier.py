"""Works a delivery off: asks the desk, renders the reply, and sends it where it belongs."""

from __future__ import annotations

import json
import logging

from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
)
from slack_sdk.webhook import WebhookClient

from bot import grammar
from bot.actors import NOBODY
from bot.desk import Desk
from bot.slack.admin_courier import AdminCourier
from bot.slack.admins import Admins
from bot.slack.blocks import Asked, message_of
from bot.slack.elements import Message
from bot.slack.inbox import Delivery, Inbox

logger = logging.getLogger(__name__)

SECONDS = 10  # that sending one message may take
GONE = ("used_url", "expired_url")  # a response_url that takes no more


class Courier:
    """Answers deliveries through their response_url."""

    def __init__(
        self,
        desk: Desk,
        inbox: Inbox,
        prefix: str,
        admins: Admins,
        admin_courier: AdminCourier,
    ) -> None:
        self._desk = desk
        self._inbox = inbox
        self._prefix = prefix
        self._admins = admins
        self._admin_courier = admin_courier

    def answer(self, delivery: Delivery) -> None:
        """Sends the reply to a delivery and notes that it is answered.

        A reply that Slack would not take stays unanswered in the inbox and in the log.
        """
        message = self.message(delivery)
        shared = delivery.shared_by is not None
        if message is None or send(delivery.response_url, message, in_channel=shared):
            self._inbox.answered(delivery)

    def message(self, delivery: Delivery) -> Message | None:
        """What is sent to the response_url, or None when the reply is elsewhere."""
        request = grammar.parse(delivery.line, self._prefix)
        asked = Asked(
            request if isinstance(request, grammar.Request) else None,
            self._prefix,
            delivery.shared_by,
        )
        actor = NOBODY
        if asked.request is not None and asked.request.command == "near-admin":
            actor = self._admins.actor(delivery.user)
            if self._admin_courier.takes(asked.request, delivery):
                return self._admin_courier.answer(delivery, asked.request, actor)
        return message_of(self._desk.say(delivery.line, actor), asked)


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
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        except (OSError, ValueError, SlackClientError):
            logger.exception("a reply could not be sent")
            return False
        if answer.status_code == 200 and not _refused(answer.body):
            return True
        if any(code in answer.body for code in GONE):
            logger.warning("a response_url takes no more replies: %s", answer.body[:80])
            return True
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
