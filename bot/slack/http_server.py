"""The HTTP server for Slack's requests. It verifies each signature before it parses the body.

Slack signs each request (docs: "Verifying requests from Slack"): the signature is an HMAC of the
timestamp and the raw body. A request is a replay if its timestamp is more than five minutes old, or
if this process or another one has seen its signature.
"""

import io
import logging
import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from cachetools import LRUCache
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier

from bot.config import Settings
from bot.ops.web_server import MAX_BODY_BYTES, Applications, WebServer, answer
from bot.slack.bolt_app import ServiceError
from index.errors import LedgerError

logger = logging.getLogger(__name__)

PATH = "/slack/events"
MAX_SIGNATURES = 50_000  # signatures in memory; requests over five minutes old are rejected anyway
# Raised by Bolt for a body that is not UTF-8, not JSON, nested too deeply, or not of Slack's form.
MALFORMED = (ValueError, RecursionError, AttributeError, TypeError)
BAD_REQUEST, UNAVAILABLE = "400 Bad Request", "503 Service Unavailable"
THREADS = 16  # each handles one acknowledgement at a time
OTHER_THREADS = 16  # for other applications

IsFirst = Callable[[str], bool]


class HttpTransport(WebServer):
    """The HTTP server of one app."""

    is_open = True

    def __init__(
        self, app: App, settings: Settings, is_first: IsFirst, others: Applications | None = None
    ) -> None:
        """Start the server, which serves `others` too. Raises `ServiceError` if there is no signing
        secret, and `OSError` if the port is in use."""
        secret = settings.slack_signing_secret
        if secret is None:
            raise ServiceError(
                "HTTP mode needs SLACK_SIGNING_SECRET, from the app's Basic Information page."
            )
        handler = SlackRequestHandler(app, path=PATH)
        verified = SignatureMiddleware(handler, secret.get_secret_value(), is_first)
        threads = THREADS + (OTHER_THREADS if others else 0)
        super().__init__({PATH: verified, **(others or {})}, address_of(settings), threads)

    def leave(self) -> None:
        """Do nothing: accept commands until `close`, since Slack does not retry them."""


def serve_others(settings: Settings, others: Applications) -> WebServer | None:
    """Serve applications without Slack's, or nothing if there are none. Raises `OSError` if the
    port is in use."""
    return WebServer(others, address_of(settings), OTHER_THREADS) if others else None


def address_of(settings: Settings) -> tuple[str, int]:
    return settings.host, settings.port


class SignatureMiddleware:
    """WSGI middleware that rejects requests without a valid, unused signature (status 401;
    503 if the database that knows the used ones does not answer)."""

    def __init__(self, inner: WSGIApplication, secret: str, is_first: IsFirst) -> None:
        self._inner = inner
        self._verifier = SignatureVerifier(secret)
        self._is_first = is_first
        self._seen = LRUCache[str, None](MAX_SIGNATURES)
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if (environ.get("REQUEST_METHOD"), environ.get("PATH_INFO")) != ("POST", PATH):
            return answer(start_response, "404 Not Found", f"Slack posts to {PATH}.")
        body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
        try:
            reason = self._fault(environ, body)
        except LedgerError:
            return answer(start_response, UNAVAILABLE, "Its signature cannot be checked now.")
        if reason:
            logger.warning("request rejected: %s", reason)
            return answer(start_response, "401 Unauthorized", reason)
        if not body:
            return answer(start_response, BAD_REQUEST, "The body is empty.")
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        try:
            return self._inner(environ, start_response)
        except MALFORMED:
            logger.warning("request rejected: malformed body", exc_info=True)
            return answer(start_response, BAD_REQUEST, "The body is malformed.")

    def _fault(self, environ: WSGIEnvironment, body: bytes) -> str:
        """Return the reason for rejecting a request, or an empty string if it is valid. Raises
        `LedgerError` if that cannot be found out."""
        timestamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        signature = environ.get("HTTP_X_SLACK_SIGNATURE", "")
        if not timestamp or not signature:
            return "It is not signed."
        try:
            valid = self._verifier.is_valid(body, timestamp, signature)
        except (ValueError, TypeError):  # the timestamp is not a number, or the body is not UTF-8
            valid = False
        if not valid:
            return "Its signature does not match the signing secret, or is over five minutes old."
        with self._lock:
            new = signature not in self._seen
            self._seen[signature] = None
        try:
            return "" if new and self._is_first(signature) else "It was received before."
        except LedgerError:
            with self._lock:
                self._seen.pop(signature, None)
            raise
