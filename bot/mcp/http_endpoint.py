"""MCP over HTTP, as a WSGI application: streamable HTTP, stateless, with JSON responses.

Any process behind a load balancer answers any request. Who asks is known by a token, which is
checked at each request, before its body is parsed: the host first, then the origin, then the token.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from bot.identity import User
from bot.mcp.bearer import bearer_of
from bot.mcp.tool_server import USER, ToolServer
from bot.ops.request_id import request_scope
from bot.ops.web_server import answer
from index.errors import LedgerError
from index.storage.db.access_tokens import AccessToken
from index.ways.chat_server import is_loopback

logger = logging.getLogger(__name__)

PATH = "/mcp"
MAX_BODY_BYTES = 262_144  # four times the longest text, escaped
AT_ONCE = 12  # requests; further ones are refused, so that Slack's are acknowledged in time
SCHEME = "bearer "
HTTPS_PORT = 443

FindToken = Callable[[str], AccessToken | None]
Headers = list[tuple[str, str]]


class _Protocol:
    """The SDK's stateless transport, in an event loop that runs on one thread at a time."""

    def __init__(self, server: ToolServer) -> None:
        self._manager = StreamableHTTPSessionManager(
            server.protocol,
            json_response=True,
            stateless=True,
            max_request_body_size=MAX_BODY_BYTES,
        )
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        started = asyncio.Event()
        self._running = self._loop.create_task(self._run(started))
        self._loop.run_until_complete(started.wait())

    def close(self) -> None:
        self._stopping.set()
        self._loop.run_until_complete(self._running)
        self._loop.close()

    def answer(self, scope: dict[str, Any], body: bytes) -> tuple[int, Headers, bytes]:
        """Return the status, headers and body of the response to a request."""
        return self._loop.run_until_complete(self._exchange(scope, body))

    async def _run(self, started: asyncio.Event) -> None:
        async with self._manager.run():
            started.set()
            await self._stopping.wait()

    async def _exchange(self, scope: dict[str, Any], body: bytes) -> tuple[int, Headers, bytes]:
        received = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if received:
                return received.pop()
            await asyncio.Event().wait()  # the client stays until it has its answer
            raise AssertionError("an event that nobody sets")

        async def send(message: Any) -> None:
            sent.append(message)

        await self._manager.handle_request(scope, receive, send)
        first, *parts = sent
        headers = [(name.decode(), value.decode()) for name, value in first["headers"]]
        return first["status"], headers, b"".join(part.get("body", b"") for part in parts)


class HttpEndpoint:
    """A WSGI application for one path. Requests are answered on the threads that they come on."""

    def __init__(self, server: ToolServer, find_token: FindToken, address: str = "") -> None:
        """`find_token` returns the token with a secret text, unless it is unknown or revoked.
        `address` is the public address, if there is one."""
        self._server = server
        self._find_token = find_token
        self._public = _host_and_port(address) if address else None
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._idle: list[_Protocol] = []  # appending and popping are atomic

    def close(self) -> None:
        """Close the event loops, after the server that uses them."""
        while self._idle:
            self._idle.pop().close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        refusal = self._refusal(environ)
        if refusal is not None:
            status, text = refusal
            logger.warning("request to %s rejected: %s", PATH, text)
            return _plain(start_response, status, text)
        try:
            token = self._token_of(environ)
        except LedgerError:
            text = "Its token cannot be checked now. Try again in a moment."
            return _plain(start_response, HTTPStatus.SERVICE_UNAVAILABLE, text)
        if token is None:
            logger.warning("request to %s rejected: no valid token", PATH)
            text = "A valid token is needed: Authorization: Bearer TOKEN (nearsay token create)."
            return _plain(start_response, HTTPStatus.UNAUTHORIZED, text)
        if environ.get("REQUEST_METHOD") != "POST":
            text = "This server keeps no sessions: it answers POST only."
            return _plain(start_response, HTTPStatus.METHOD_NOT_ALLOWED, text)
        body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            text = f"The body has more than {MAX_BODY_BYTES:,} bytes."
            return _plain(start_response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
        return self._respond(_scope(environ, bearer_of(token)), body, start_response)

    def _refusal(self, environ: WSGIEnvironment) -> tuple[HTTPStatus, str] | None:
        """Return why a request is refused for its host or origin. Web pages can make a browser ask
        this machine under a name of their own."""
        if not self._is_ours(environ.get("HTTP_HOST", "")):
            text = "The Host header does not name this server (NEARSAY_PUBLIC_URL)."
            return HTTPStatus.MISDIRECTED_REQUEST, text
        origin = environ.get("HTTP_ORIGIN", "")
        if origin and not self._is_ours(urlsplit(origin).netloc):
            return HTTPStatus.FORBIDDEN, "The Origin header names another site."
        return None

    def _is_ours(self, host: str) -> bool:
        try:
            given = _host_and_port(f"//{host}")
        except ValueError:
            return False
        return given == self._public or is_loopback(given[0])

    def _token_of(self, environ: WSGIEnvironment) -> AccessToken | None:
        header = environ.get("HTTP_AUTHORIZATION", "")
        if header[: len(SCHEME)].casefold() != SCHEME:
            return None
        return self._find_token(header[len(SCHEME) :].strip())

    def _respond(
        self, scope: dict[str, Any], body: bytes, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Return the response of the protocol to a request."""
        if not self._room.acquire(blocking=False):
            text = "Too many requests at once. Try again in a second."
            return _plain(start_response, HTTPStatus.SERVICE_UNAVAILABLE, text)
        protocol = self._free_protocol()
        try:
            status, headers, content = protocol.answer(scope, body)
        except Exception:
            with request_scope() as number:
                logger.exception("unexpected error, reference %s", number)
            protocol.close()
            text = f"Something went wrong in Nearsay (reference {number})."
            return _plain(start_response, HTTPStatus.INTERNAL_SERVER_ERROR, text)
        finally:
            self._room.release()
        self._idle.append(protocol)
        start_response(_line(HTTPStatus(status)), headers)
        return [content]

    def _free_protocol(self) -> _Protocol:
        try:
            return self._idle.pop()
        except IndexError:
            return _Protocol(self._server)


def _host_and_port(address: str) -> tuple[str, int]:
    """Return the host of an address in small letters, and its port. Raises `ValueError`."""
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or HTTPS_PORT


def _scope(environ: WSGIEnvironment, user: User) -> dict[str, Any]:
    """Return the ASGI scope of a request by `user`, without its token."""
    headers = [
        (name.removeprefix("HTTP_").replace("_", "-").lower().encode("latin-1"), value)
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [
            (name, str(value).encode("latin-1"))
            for name, value in headers
            if name != b"authorization"
        ],
        USER: user,
    }


def _plain(start_response: StartResponse, status: HTTPStatus, text: str) -> Iterable[bytes]:
    headers = {
        HTTPStatus.UNAUTHORIZED: [("WWW-Authenticate", 'Bearer realm="nearsay"')],
        HTTPStatus.METHOD_NOT_ALLOWED: [("Allow", "POST")],
        HTTPStatus.SERVICE_UNAVAILABLE: [("Retry-After", "1")],
    }.get(status, [])
    return answer(start_response, _line(status), text, headers)


def _line(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"
