"""A server of OpenAI's chat completions on the loopback address, whose answers a test chooses."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HttpAnswer = Callable[[BaseHTTPRequestHandler], None]
"""Answers one request."""


@dataclass(frozen=True)
class Received:
    """A request that the server received. The names of headers are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: Any

    @property
    def text(self) -> str:
        """The text for the model."""
        return str(self.body["messages"][0]["content"])


@dataclass
class FakeChatServer:
    """Gives each request the next of the `answers`, and the last of them again."""

    port: int
    answers: list[HttpAnswer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def hang(self, _: BaseHTTPRequestHandler) -> None:
        """Answer nothing until the test ends."""
        self.released.wait(30)


def sent(status: int, body: bytes, **headers: str) -> HttpAnswer:
    """Return an answer with a status and a body."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def said(text: Any, **more: object) -> HttpAnswer:
    """Return a chat completion with a text of the model."""
    body = {
        "id": "1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 60, "completion_tokens": 40, "total_tokens": 100},
    }
    return sent(200, json.dumps(body | more).encode(), Content_Type="application/json")


@contextmanager
def fake_chat_server() -> Iterator[FakeChatServer]:
    """Run a server during the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            fake.received.append(Received(self.path, _lower(self.headers), body))
            answer = fake.answers[min(len(fake.received), len(fake.answers)) - 1]
            answer(self)

        def do_GET(self) -> None:
            fake.received.append(Received(self.path, _lower(self.headers), None))

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of connections that the client closed."""

    server = Server(("127.0.0.1", 0), Handler)
    fake = FakeChatServer(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _lower(headers: Message) -> dict[str, str]:
    return {name.casefold(): value for name, value in headers.items()}
