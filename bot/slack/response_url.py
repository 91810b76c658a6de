"""Replies through a response_url, where a command or a button came from."""

from __future__ import annotations

import json
import logging
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError

from bot import metrics
from bot.slack.clients import opener
from bot.slack.elements import Message
from bot.slack.failures import FAILURES, passes, retry_after

logger = logging.getLogger(__name__)

SECONDS = 10  # that sending one message may take
SOON = 1.0  # seconds after which what did not pass may do
LARGEST = 10_000  # bytes of an answer that are read
GONE = ("used_url", "expired_url")  # a response_url that takes no more


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back from a response_url."""

    status: int
    body: str
    headers: dict[str, str]


def send(url: str, message: Message, *, in_channel: bool) -> float:
    """Posts a message to a response_url; when Slack refuses its blocks, the text alone.

    Returns 0 when there is nothing more to try: the message has arrived, or Slack takes it in no
    form, or the url is used up. Else the seconds after which it may do.
    """
    for blocks in (message.blocks, None):
        try:
            answer = _post(
                url,
                {
                    "text": message.text,
                    **({"blocks": blocks} if blocks else {}),
                    "response_type": "in_channel" if in_channel else "ephemeral",
                    "replace_original": message.replaces,
                    "unfurl_links": False,
                    "unfurl_media": False,
                },
            )
        except FAILURES:
            metrics.REPLIES_NOT_SENT.labels("response_url").inc()
            logger.exception("a reply could not be sent")
            return SOON
        except ValueError:
            logger.exception("a reply could not be sent, and never can")
            return 0
        status, refusal = answer.status, _refusal(answer.body)
        if status == 200 and not refusal:
            return 0
        if any(code in answer.body for code in GONE):
            logger.warning("a response_url takes no more replies: %s", answer.body[:80])
            return 0
        metrics.REPLIES_NOT_SENT.labels("response_url").inc()
        if status == 429 or status >= 500 or passes(refusal):
            logger.warning("Slack does not take a reply for now (%s %s)", status, refusal[:80])
            return max(SOON, retry_after(answer.headers))
        logger.error(
            "Slack refused a reply (%s %s)%s",
            status,
            answer.body[:200],
            "; its text alone is sent" if blocks else "",
        )
    return 0


def _refusal(body: str) -> str:
    """What a response_url answered instead of `ok`: the code of JSON with `ok` false, or the body;
    empty where it took the reply."""
    try:
        content = json.loads(body)
    except ValueError:
        return "" if body.strip() == "ok" else body.strip() or "nothing"
    refused = isinstance(content, dict) and not content.get("ok", True)
    return str(content.get("error") or "not ok") if refused else ""


def _post(url: str, content: dict[str, Any]) -> _Answer:
    """Posts JSON; where the connection breaks, a second time. Raises `ValueError` for what is no
    url, `OSError` and `HTTPException` where nothing comes back."""
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "nearsay"}
    request = urllib.request.Request(  # noqa: S310  # the opener speaks HTTP alone
        url, json.dumps(content).encode(), headers
    )
    try:
        return _sent(request)
    except (URLError, ConnectionError, HTTPException) as error:
        # What took too long once may take as long again, and a thread with it.
        if isinstance(error, URLError) and not isinstance(error.reason, ConnectionError):
            raise
        return _sent(request)


def _sent(request: urllib.request.Request) -> _Answer:
    try:
        answer = opener().open(request, timeout=SECONDS)
    except HTTPError as refused:
        answer = refused
    with answer:
        body = answer.read(LARGEST).decode("utf-8", "replace")
        return _Answer(answer.status, body, dict(answer.headers.items()))
