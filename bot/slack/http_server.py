"""Slack over HTTP: every request is checked before anything reads it.

Slack signs each request (docs: "Verifying requests from Slack"): the signature is an HMAC of the
timestamp and the raw body. A timestamp older than five minutes is a replay, and so is a signature
that has come before, to this process or to another one.
"""

from __future__ import annotations

import io
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from waitress.server import BaseWSGIServer, MultiSocketServer
from waitress.server import create_server as create_waitress

logger = logging.getLogger(__name__)
logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of each request that waits

PATH = "/slack/events"
LARGEST_BODY = 1_000_000  # bytes; what Slack sends is far smaller
LARGEST_SKEW = 300  # seconds, as `SignatureVerifier` has it
SEEN = 50_000  # signatures that are remembered, at most
THREADS = 16  # each waits for one acknowledgement

StartResponse = Callable[..., Any]
Environment = dict[str, Any]
Server = BaseWSGIServer | MultiSocketServer
Application = Callable[[Environment, Any], Iterable[bytes]]
IsFirst = Callable[[str], bool]


def create_server(app: App, secret: str, host: str, port: int, is_first: IsFirst) -> Server:
    """A server for `app` at `host:port` (0 takes a free port), whose `run` serves until `close`.
    `is_first` tells whether no other process has had a signature.

    Raises `OSError` when the address is taken.
    """
    return create_waitress(
        Verified(SlackRequestHandler(app, path=PATH), secret, is_first),
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=LARGEST_BODY,
        ident="nearsay",
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,  # the other way there is knows no file above the 1,024th
    )


class Verified:
    """A WSGI application that passes on what Slack has signed, and answers 401 to the rest."""

    def __init__(self, inner: Application, secret: str, is_first: IsFirst) -> None:
        self._inner = inner
        self._verifier = SignatureVerifier(secret)
        self._is_first = is_first
        self._seen = Seen()

    def __call__(self, environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return _answer(start_response, "404 Not Found", f"Slack posts to {PATH}.")
        if environ.get("REQUEST_METHOD") != "POST":
            return _answer(start_response, "405 Method Not Allowed", "Slack posts here.")
        body = environ["wsgi.input"].read(LARGEST_BODY + 1)
        reason = self._fault(environ, body)
        if reason:
            logger.warning("a request was refused: %s", reason)
            return _answer(start_response, "401 Unauthorized", reason)
        if not _is_well_formed(body, environ.get("CONTENT_TYPE", "")):
            logger.warning("a request was refused: it cannot be read")
            return _answer(start_response, "400 Bad Request", "It cannot be read.")
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        return self._inner(environ, start_response)

    def _fault(self, environ: Environment, body: bytes) -> str:
        """Why a request is not Slack's; empty when it is."""
        timestamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        signature = environ.get("HTTP_X_SLACK_SIGNATURE", "")
        if not timestamp or not signature:
            return "It is not signed."
        try:
            valid = self._verifier.is_valid(body, timestamp, signature)
        except (ValueError, TypeError):  # a timestamp that is no number; what is not ASCII or UTF-8
            valid = False
        if not valid:
            return "Its signature does not match the signing secret, or is over five minutes old."
        new = self._seen.is_new(signature, int(timestamp) + LARGEST_SKEW)
        if not (new and self._is_first(signature)):
            return "It has come before."
        return ""


class Seen:
    """The signatures of the last five minutes. Threads may share it."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, signature: str, until: float) -> bool:
        """Whether a signature comes for the first time; it is remembered `until` it is stale."""
        now = time.time()
        with self._lock:
            if signature in self._until:
                return False
            self._until[signature] = until
            while len(self._until) > SEEN or next(iter(self._until.values())) < now:
                self._until.popitem(last=False)
            return True


def _is_well_formed(body: bytes, kind: str) -> bool:
    """Whether a body is what Slack sends: an object as JSON, or a form, which may hold one."""
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
