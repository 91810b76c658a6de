"""Deliveries over HTTP: signed POSTs to the app's request URL.

https://docs.slack.dev/apis/events-api/using-http-request-urls
"""

import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from tests.fake_slack.core import Core
from tests.fake_slack.model import JSON
from tests.fake_slack.records import Attempt, Delivery, RawAnswer

FORM = "application/x-www-form-urlencoded"
USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


class HttpTransport:
    """Posts to the request URL, and reports failures with Slack's error names."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A new connection for each request: a restart of the app must not look like a fault.
            connector = aiohttp.TCPConnector(force_close=True, limit=0)
            self._session = aiohttp.ClientSession(
                connector=connector, headers={"User-Agent": USER_AGENT}
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, delivery: Delivery, number: int, reason: str) -> Attempt:
        body, content_type = encode(delivery)
        headers = {"Content-Type": content_type, "Accept": "*/*"}
        headers |= signed_headers(self.core.identity.signing_secret, body)
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        url = self.core.request_url or ""
        if delivery.attempts and delivery.attempts[-1].url == url:
            url = self.core.request_url or ""  # a retry goes to another instance, if there is one
        attempt = Attempt(number, at=time.time(), url=url)
        if not self.core.request_urls:
            attempt.error = "connection_failed"
            return attempt
        began = time.perf_counter()
        try:
            answer = await self.post(body, headers, url)
        except TimeoutError:
            attempt.error = "http_timeout"
        except (aiohttp.ClientError, OSError):
            attempt.error = "connection_failed"
        else:
            attempt.status = answer.status
            attempt.body = decode(answer)
            if not _accepted(delivery, answer.status):
                attempt.error = "http_error"
        attempt.seconds = time.perf_counter() - began
        return attempt

    async def post(self, body: bytes, headers: dict[str, str], url: str = "") -> RawAnswer:
        """Post a body with exactly these headers to `url`, by default the next request URL."""
        began = time.perf_counter()
        limit = aiohttp.ClientTimeout(total=self.core.settings.ack)
        url = url or self.core.request_url or ""
        async with self.session.post(url, data=body, headers=headers, timeout=limit) as response:
            text = await response.text(errors="replace")
            return RawAnswer(
                response.status,
                text,
                {name.lower(): value for name, value in response.headers.items()},
                time.perf_counter() - began,
            )


def signed_headers(secret: str, body: bytes, timestamp: float | None = None) -> dict[str, str]:
    """Return the two headers that sign a body; `timestamp` is in seconds, by default now."""
    stamp = str(int(time.time() if timestamp is None else timestamp))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}


def _accepted(delivery: Delivery, status: int) -> bool:
    return 200 <= status < 300 if delivery.envelope == "events_api" else status == 200


def encode(delivery: Delivery) -> tuple[bytes, str]:
    """Return a delivery's body and content type: JSON for events, otherwise a form."""
    if delivery.envelope == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    if delivery.envelope == "slash_commands":
        return urlencode(delivery.payload).encode(), FORM
    return urlencode({"payload": json.dumps(delivery.payload)}).encode(), FORM


def decode(answer: RawAnswer) -> Any:
    """Return an acknowledgement's body: a JSON object, or its text; None if it is empty."""
    if not answer.body:
        return None
    if answer.headers.get("content-type", "").startswith("application/json"):
        try:
            return json.loads(answer.body)
        except ValueError:
            return answer.body
    return answer.body


def url_verification(core: Core, challenge: str) -> JSON:
    """Return the body of the request with which Slack checks a request URL."""
    return {
        "token": core.identity.verification_token,
        "challenge": challenge,
        "type": "url_verification",
    }
