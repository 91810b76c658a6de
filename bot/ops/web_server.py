"""The web server: WSGI applications by path, on one address."""

import logging
import threading
from collections.abc import Iterable, Mapping
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from waitress.server import MultiSocketServer, create_server

logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # no warnings about queued requests

MAX_BODY_BYTES = 1_000_000
MAX_HEADER_BYTES = 32_768
CONNECTIONS = 1_000  # with the default of 100, half-open ones soon keep others out
IDLE_S = 10  # seconds after which a connection without a complete request is closed

Applications = Mapping[str, WSGIApplication]
"""By path."""


class WebServer:
    """Serves `applications` on threads of its own until it is closed."""

    def __init__(self, applications: Applications, address: tuple[str, int], threads: int) -> None:
        """Start the server; port 0 is any free port. Raises `OSError` if the port is in use."""
        self._applications = dict(applications)
        self._closed = False
        self._server = create_server(
            self._dispatch,
            host=address[0],
            port=address[1],
            threads=threads,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_S,
            cleanup_interval=IDLE_S // 2,
            max_request_body_size=MAX_BODY_BYTES,
            max_request_header_size=MAX_HEADER_BYTES,
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

    def close(self) -> None:
        self._closed = True
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        self._server.close()

    def _dispatch(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        application = self._applications.get(environ.get("PATH_INFO", ""))
        if application is None:
            paths = ", ".join(self._applications)
            return answer(start_response, "404 Not Found", f"Nearsay serves {paths}.")
        return application(environ, start_response)

    def _serve(self) -> None:
        try:
            self._server.run()
        except OSError:
            # `close` on another thread may close the socket under the running server.
            if not self._closed:
                raise


def answer(
    start_response: StartResponse,
    status: str,
    text: str,
    headers: Iterable[tuple[str, str]] = (),
) -> Iterable[bytes]:
    """Respond with a line of plain text."""
    body = text.encode()
    plain = ("Content-Type", "text/plain; charset=utf-8")
    start_response(status, [plain, ("Content-Length", str(len(body))), *headers])
    return [body]
