"""Socket Mode with a successor for each socket that Slack is about to close.

Slack announces that it will close a socket ("warning", "refresh_requested"). The client of
slack_sdk then closes its socket and opens another, and what is sent in between fails for the
person who sent it. Here the successor opens first, and the old socket serves until Slack closes
it. After an abrupt drop the client's own reconnection serves.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot import metrics

logger = logging.getLogger(__name__)

PING = 5.0  # seconds between pings; a dead connection is noticed after two
GRACE = 15.0  # seconds that a socket serves beside its successor; Slack closes it after ten
PAUSES = (0.5, 1, 2, 4, 8, 15)  # seconds between attempts to open a successor; the last repeats


class Sockets:
    """The sockets of one app: one, and for moments two."""

    def __init__(self, app: App, app_token: str, client: WebClient) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._lock = threading.Lock()
        self._handlers: list[SocketModeHandler] = []
        self._succeeded: set[int] = set()
        self._closing = threading.Event()

    def connect(self) -> None:
        """Opens the first socket. Raises slack_sdk's errors, and `OSError`."""
        handler = SocketModeHandler(
            self._app, self._app_token, web_client=self._client, ping_interval=PING
        )
        client: Any = handler.client
        reconnect = client.connect_to_new_endpoint

        def connect_to_new_endpoint(force: bool = False) -> None:
            """Called with `force` when Slack announces the end of this socket."""
            if force:
                self._replace(handler)
            elif id(handler) not in self._succeeded:
                metrics.SOCKET_RECONNECTS.labels("dropped").inc()
                reconnect()

        client.connect_to_new_endpoint = connect_to_new_endpoint
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except BaseException:
            _end(handler)
            raise
        with self._lock:
            self._handlers.append(handler)

    def is_connected(self) -> bool:
        """Whether a socket is open."""
        with self._lock:
            return any(handler.client.is_connected() for handler in self._handlers)

    def close(self) -> None:
        """Closes all sockets, without waiting for them."""
        self._closing.set()
        with self._lock:
            handlers, self._handlers = self._handlers, []
        for handler in handlers:
            _end(handler)

    def _replace(self, handler: SocketModeHandler) -> None:
        with self._lock:
            if id(handler) in self._succeeded or self._closing.is_set():
                return
            self._succeeded.add(id(handler))
        threading.Thread(
            target=self._succeed, args=(handler,), name="socket-successor", daemon=True
        ).start()

    def _succeed(self, handler: SocketModeHandler) -> None:
        """Opens a socket in the place of `handler`'s, and ends that one after a while."""
        for attempt in range(10**9):
            if self._closing.is_set():
                return
            try:
                self.connect()
                metrics.SOCKET_RECONNECTS.labels("announced").inc()
                break
            except (SlackClientError, OSError) as error:
                pause = PAUSES[min(attempt, len(PAUSES) - 1)]
                logger.warning("no new socket yet (%s); trying again in %g s", error, pause)
                self._closing.wait(pause)
        self._closing.wait(GRACE)
        with self._lock:
            if handler in self._handlers:
                self._handlers.remove(handler)
            self._succeeded.discard(id(handler))
        _end(handler)


def _end(handler: SocketModeHandler) -> None:
    """Closes a socket without the ten seconds that its client may sit in a select.

    Its threads are daemons: told to stop, they need not be waited for.
    """
    client: Any = handler.client
    client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
    client.closed = True
    for runner in (
        client.current_session_runner,
        client.current_app_monitor,
        client.message_processor,
    ):
        runner.event.set()
    client.message_workers.shutdown(wait=False)
    threading.Thread(target=client.disconnect, name="disconnect", daemon=True).start()
