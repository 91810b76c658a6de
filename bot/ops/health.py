"""`/healthz`, `/readyz` and `/metrics` on a separate port, by default on the loopback address only.

A process that answers is healthy. It is ready when all the conditions defined in
`bot.slack.service` hold. Prometheus scrapes `/metrics` (`bot.ops.metrics`).
"""

import ipaddress
import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from index.ways.chat_server import is_loopback

logger = logging.getLogger(__name__)

TIMEOUT_S = 5.0  # seconds in which a request must arrive

Conditions = Mapping[str, Callable[[], bool]]


class Health:
    """The health server. Each request to `/readyz` evaluates `conditions`."""

    def __init__(self, port: int, conditions: Conditions, host: str = "127.0.0.1") -> None:
        """Serve on `port`, or on any free port if it is 0. Raises `OSError` if it is in use."""
        handler = type("Handler", (_Handler,), {"conditions": conditions, "host": host})
        kind = _Server6 if ":" in host else ThreadingHTTPServer
        self._server = kind((host, port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except Exception:
        logger.exception("readiness check failed")
        return False


class _Server6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


def is_ours(given: str, host: str) -> bool:
    """Whether a request's Host header may name a server that listens on `host`.

    A web page can have a browser ask any address of this network under a name of its own, which
    always has a dot. So beyond the loopback address, only addresses and names without one are
    accepted, and `host` itself.
    """
    name = given[1:].partition("]")[0] if given.startswith("[") else given.partition(":")[0]
    if is_loopback(name) or name.casefold() == host.casefold():
        return True
    if is_loopback(host):
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return bool(name) and "." not in name
    return True


class _Handler(BaseHTTPRequestHandler):
    timeout = TIMEOUT_S
    conditions: Conditions
    host: str

    def do_GET(self) -> None:
        if not is_ours(self.headers.get("Host", ""), self.host):
            self._answer(421, {"error": "The Host header does not name this server."})
        elif self.path == "/healthz":
            self._answer(200, {"healthy": True})
        elif self.path == "/readyz":
            state = {name: _holds(condition) for name, condition in self.conditions.items()}
            ready = all(state.values())
            self._answer(200 if ready else 503, {"ready": ready, **state})
        elif self.path == "/metrics":
            self._send(200, generate_latest(), CONTENT_TYPE_LATEST)
        else:
            self._answer(404, {"paths": ["/healthz", "/readyz", "/metrics"]})

    def _answer(self, status: int, content: Mapping[str, object]) -> None:
        self._send(status, json.dumps(content).encode() + b"\n", "application/json")

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Do not log probes."""
