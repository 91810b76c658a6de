"""An https server on 127.0.0.1 with a page per path, and a fetcher that trusts and finds it."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from index.sources.web.fetcher import Fetcher

CERTIFICATE = Path(__file__).with_suffix(".pem")
HOST = "terms.example"
Page = Callable[[BaseHTTPRequestHandler], None]


class WebServer(ThreadingHTTPServer):
    """A server whose `pages` are functions of the request; `requests` has the path and headers of
    each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, Mapping[str, str]]] = []

    def handle_error(self, *_: object) -> None:
        """Say nothing about clients that hang up, which is what they are tested for."""

    def address(self, path: str = "/glossary.csv", host: str = HOST) -> str:
        return f"https://{host}:{self.server_port}{path}"

    def serve(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer requests of `path`; in the names of headers, `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = lambda request: respond(request, body, status, named)


def respond(
    request: BaseHTTPRequestHandler, body: bytes, status: int, headers: Mapping[str, str]
) -> None:
    """Send a response; 304 if the request has its ETag."""
    etag = headers.get("ETag")
    if etag and request.headers.get("If-None-Match") == etag:
        status, body = 304, b""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


class _Handler(BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        page = self.server.pages.get(self.path.partition("?")[0])
        if page is None:
            respond(self, b"gone", 404, {})
        else:
            page(self)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture(scope="module")
def running_server() -> Iterator[WebServer]:
    """Run a server for the tests of a module."""
    with web_server() as server:
        yield server


@pytest.fixture
def server(running_server: WebServer) -> WebServer:
    """Return the server of the module, without pages."""
    running_server.pages.clear()
    running_server.requests.clear()
    return running_server


@contextmanager
def web_server() -> Iterator[WebServer]:
    """Run a server during the block."""
    with WebServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def trusting() -> ssl.SSLContext:
    """Return a context that trusts the certificate of `WebServer` only."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def local_fetcher(*hosts: str, **others: Any) -> Fetcher:
    """Return a fetcher for which every host is 127.0.0.1, and that is public."""
    given: dict[str, Any] = {
        "resolver": lambda *_: ["127.0.0.1"],
        "is_public": lambda _: True,
        "context": trusting(),
    }
    return Fetcher(hosts or (HOST,), **(given | others))


def closed_port() -> int:
    """Return a port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
