"""The HTTP server for Slack's requests, which verifies signatures before anything is parsed.

Slack signs each request (docs: "Verifying requests from Slack"): the signature is an HMAC of the
timestamp and the raw body. A request is a replay if its timestamp is more than five minutes old, or
if this process or another one has seen its signature.
"""

import io
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from waitress.server import BaseWSGIServer, MultiSocketServer
from waitress.server import create_server as create_waitress

logger = logging.getLogger(__name__)
logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # its warnings about queued requests

PATH = "/slack/events"
MAX_BODY_BYTES = 1_000_000  # bytes; Slack's requests are far smaller
MAX_SKEW_S = 300  # seconds, the limit of `SignatureVerifier`
MAX_SIGNATURES = 50_000  # signatures in memory
THREADS = 16  # each handles one acknowledgement at a time

Server = BaseWSGIServer | MultiSocketServer
IsFirst = Callable[[str], bool]


def create_server(app: App, secret: str, host: str, port: int, is_first: IsFirst) -> Server:
    """Bind a server for `app`, with 0 for any free port. Raises `OSError` if the port is in use."""
    return create_waitress(
        SignatureMiddleware(SlackRequestHandler(app, path=PATH), secret, is_first),
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=MAX_BODY_BYTES,
        ident="nearsay",
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,  # select() fails for file descriptors >= 1024
    )


class SignatureMiddleware:
    """WSGI middleware that replies 401 to requests without a valid signature."""

    def __init__(self, inner: WSGIApplication, secret: str, is_first: IsFirst) -> None:
        self._inner = inner
        self._verifier = SignatureVerifier(secret)
        self._is_first = is_first
        self._seen = SignatureCache()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return _answer(start_response, "404 Not Found", f"Slack posts to {PATH}.")
        if environ.get("REQUEST_METHOD") != "POST":
            return _answer(start_response, "405 Method Not Allowed", "Only POST is allowed.")
        body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
        reason = self._fault(environ, body)
        if reason:
            logger.warning("request rejected: %s", reason)
            return _answer(start_response, "401 Unauthorized", reason)
        if not _is_well_formed(body, environ.get("CONTENT_TYPE", "")):
            logger.warning("request rejected: malformed body")
            return _answer(start_response, "400 Bad Request", "The body is malformed.")
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        return self._inner(environ, start_response)

    def _fault(self, environ: WSGIEnvironment, body: bytes) -> str:
        """Return the reason for rejecting a request, or an empty string if it is valid."""
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
        new = self._seen.is_new(signature, int(timestamp) + MAX_SKEW_S)
        return "" if new and self._is_first(signature) else "It was received before."


class SignatureCache:
    """The signatures of the last five minutes. Thread-safe."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, signature: str, until: float) -> bool:
        """Whether a signature is new. It is then remembered until the Unix time `until`."""
        now = time.time()
        with self._lock:
            if signature in self._until:
                return False
            self._until[signature] = until
            while len(self._until) > MAX_SIGNATURES or next(iter(self._until.values())) < now:
                self._until.popitem(last=False)
            return True


def _is_well_formed(body: bytes, kind: str) -> bool:
    """Whether a body is a JSON object, or a form whose `payload`, if present, is a JSON object."""
    try:
        text = body.decode()
        if not kind.startswith("application/json"):
            form = parse_qs(text)
            return _is_object(form["payload"][0]) if "payload" in form else bool(form)
        return _is_object(text)
    except (ValueError, RecursionError):
        return False


def _is_object(text: str) -> bool:
    content = json.loads(text)
    return isinstance(content, dict) and isinstance(content.get("event", {}), dict)


def _answer(start_response: StartResponse, status: str, text: str) -> Iterable[bytes]:
    body = text.encode()
    start_response(
        status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [body]
