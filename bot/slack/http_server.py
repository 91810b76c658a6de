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
from waitress.server import MultiSocketServer, create_server

from bot.config import Settings
from bot.slack.bolt_app import ServiceError
from index.errors import LedgerError

logger = logging.getLogger(__name__)
logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # no warnings about queued requests

PATH = "/slack/events"
MAX_BODY_BYTES = 1_000_000  # bytes; Slack's requests are far smaller
MAX_SIGNATURES = 50_000  # signatures in memory; requests over five minutes old are rejected anyway
# Raised by Bolt for a body that is not UTF-8, not JSON, nested too deeply, or not of Slack's form.
MALFORMED = (ValueError, RecursionError, AttributeError, TypeError)
BAD_REQUEST, UNAVAILABLE = "400 Bad Request", "503 Service Unavailable"
CONNECTIONS = 1_000  # with the default of 100, half-open ones soon keep Slack out
IDLE_S = 10  # seconds after which a connection without a complete request is closed
THREADS = 16  # each handles one acknowledgement at a time

IsFirst = Callable[[str], bool]


class HttpTransport:
    """The HTTP server of one app."""

    is_open = True

    def __init__(self, app: App, settings: Settings, is_first: IsFirst) -> None:
        """Start the server; port 0 is any free port. Raises `ServiceError` if there is no
        signing secret, and `OSError` if the port is in use."""
        secret = settings.slack_signing_secret
        if secret is None:
            raise ServiceError(
                "HTTP mode needs SLACK_SIGNING_SECRET, from the app's Basic Information page."
            )
        handler = SlackRequestHandler(app, path=PATH)
        self._closed = False
        self._server = create_server(
            SignatureMiddleware(handler, secret.get_secret_value(), is_first),
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_S,
            cleanup_interval=IDLE_S // 2,
            max_request_body_size=MAX_BODY_BYTES,
            ident="nearsay",
            asyncore_use_poll=True,  # select() fails for file descriptors >= 1024
        )
        threading.Thread(target=self._serve, name="http", daemon=True).start()

    @property
    def port(self) -> int:
        """The actual port, even if the setting is 0."""
        if isinstance(self._server, MultiSocketServer):
            return int(self._server.effective_listen[0][1])
        return int(getattr(self._server, "effective_port", 0))

    def leave(self) -> None:
        """Do nothing: accept commands until `close`, since Slack does not retry them."""

    def close(self) -> None:
        self._closed = True
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        self._server.close()

    def _serve(self) -> None:
        try:
            self._server.run()
        except OSError:
            # `close` on another thread may close the socket under the running server.
            if not self._closed:
                raise


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
            return _answer(start_response, "404 Not Found", f"Slack posts to {PATH}.")
        body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
        try:
            reason = self._fault(environ, body)
        except LedgerError:
            return _answer(start_response, UNAVAILABLE, "Its signature cannot be checked now.")
        if reason:
            logger.warning("request rejected: %s", reason)
            return _answer(start_response, "401 Unauthorized", reason)
        if not body:
            return _answer(start_response, BAD_REQUEST, "The body is empty.")
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        try:
            return self._inner(environ, start_response)
        except MALFORMED:
            logger.warning("request rejected: malformed body", exc_info=True)
            return _answer(start_response, BAD_REQUEST, "The body is malformed.")

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


def _answer(start_response: StartResponse, status: str, text: str) -> Iterable[bytes]:
    body = text.encode()
    start_response(
        status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [body]
