"""Socket Mode with overlapping reconnection.

Slack announces that it will close a socket ("warning", "refresh_requested"). slack_sdk's client
then closes its socket before it opens another, and commands sent in between fail. Here the new
socket opens first, and the old one serves until Slack closes it.

A watcher thread replaces sockets that are closed, dead or silent for too long. The client's own
reconnection is off, since it retries without a pause.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.config import Settings
from bot.ops import metrics
from bot.slack.api_errors import FAILURES, error_code, retry_delay
from bot.slack.bolt_app import ServiceError
from bot.slack.client import web_client

logger = logging.getLogger(__name__)

LOOK = 0.5  # seconds between checks of the sockets
PING = 5.0  # seconds between pings
UNANSWERED = 12.0  # seconds past `PING` without a pong after which a socket is dead
GREETING = 10.0  # seconds to wait for Slack's "hello"
SILENCE = 900.0  # seconds without a message after which a socket is replaced
GRACE = 15.0  # seconds that a replaced socket stays open; Slack closes it after ten
CLOSING = 2.0  # seconds that sockets may take to close
STEADY = 10.0  # seconds after which a new socket resets the backoff
PAUSES = (0.5, 1, 2, 4, 8, 15)  # seconds to wait after each attempt; the last repeats
ORDERLY = (1000, 1001)  # WebSocket close codes: normal closure, going away

# Both libraries log each closed socket as an error; `SocketModePool` logs the reason.
logging.getLogger("websocket").addFilter(lambda record: "- goodbye" not in record.getMessage())
client_logger = logging.getLogger(f"{__name__}.client")
client_logger.setLevel(logging.INFO)  # DEBUG would log users' messages
client_logger.addFilter(lambda record: not str(record.msg).startswith("on_error invoked"))


class Connection:
    """One Socket Mode connection."""

    def __init__(self, app: App, token: str, client: WebClient, wake: Callable[[], None]) -> None:
        """Open a socket. Call `wake` when it closes or Slack announces the closure."""
        self._wake = wake
        self.opened = self.heard = time.monotonic()
        self.leaving = False  # whether to replace the socket
        self.until: float | None = None  # monotonic time to close the replaced socket
        self._greeted = False
        self._error: Exception | None = None
        address = client.apps_connections_open(app_token=token)["url"]
        handler = SocketModeHandler(app, token, client_logger, client, PING)
        inner: Any = handler.client
        inner.wss_uri = address
        inner.auto_reconnect_enabled = False
        inner.default_auto_reconnect_enabled = False
        inner.connect_to_new_endpoint = self._leave
        inner.on_message_listeners.append(self._hear)
        inner.on_error_listeners.append(self._fail)
        self._client = inner
        handler.connect()  # type: ignore[no-untyped-call] # Bolt does not type it

    @property
    def is_open(self) -> bool:
        """Whether Slack has sent "hello" and the socket is connected."""
        return self._greeted and bool(self._client.is_connected())

    def why_dead(self, now: float) -> str:
        """Return the reason why the socket is dead, or an empty string if it is not."""
        if not self._client.is_connected() and (self._greeted or self._error):
            return f"it was closed ({str(self._error or 'no reason given')[:100]})"
        if not self._greeted:
            return "Slack sent no hello" if now - self.opened > GREETING else ""
        # Unix time in seconds; 0 before the first pong.
        answered = getattr(self._client.current_session, "last_pong_tm", 0)
        age = time.time() - answered if answered else now - self.opened
        return "it does not answer pings" if age > PING + UNANSWERED else ""

    @property
    def is_orderly(self) -> bool:
        """Whether the socket is being replaced, or was closed with a normal code."""
        return self.leaving or getattr(self._error, "status_code", None) in ORDERLY

    def end(self) -> threading.Thread:
        """Close the socket on a new thread, since that may take seconds. Return the thread."""
        self._client.closed = True
        for runner in (
            self._client.current_session_runner,
            self._client.current_app_monitor,
            self._client.message_processor,
        ):
            runner.event.set()
        self._client.message_queue.put(None)  # wakes the processor, which otherwise waits a second
        closing = threading.Thread(target=self._close, name="disconnect", daemon=True)
        closing.start()
        return closing

    def _close(self) -> None:
        """Disconnect after every received request has been acknowledged."""
        self._client.message_processor.shutdown()
        self._client.message_workers.shutdown()
        self._client.disconnect()

    def _leave(self, force: bool = False) -> None:
        """Handle the client's call to reconnect; `force` means that Slack announced the closure."""
        if force:
            self.leaving = True
            self._wake()

    def _fail(self, _: object, error: Exception) -> None:
        """Stop the client when its socket closes; it would otherwise reconnect to a used URL."""
        self._error = self._error or error
        self._client.current_session_runner.event.set()
        self._wake()

    def _hear(self, _: object, message: str) -> None:
        self.heard = time.monotonic()
        if not self._greeted:
            self._greeted = json.loads(message).get("type") == "hello"


class SocketModePool:
    """The sockets of one app: usually one, or two while one is being replaced."""

    port = 0

    def __init__(self, app: App, app_token: str, client: WebClient) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._lock = threading.Lock()
        self._links: list[Connection] = []
        self._ending: list[threading.Thread] = []
        self._closing = threading.Event()
        self._wake_up = threading.Event()  # wakes the watcher before its next check
        self._attempts = 0  # attempts to open a socket since the last steady one
        self._next = 0.0  # monotonic time of the next allowed attempt

    def connect(self) -> None:
        """Open the first socket and start the watcher. Raises slack_sdk's errors and `OSError`."""
        self._open()
        threading.Thread(target=self._watch, name="sockets", daemon=True).start()

    @property
    def is_open(self) -> bool:
        return any(link.is_open for link in list(self._links))

    def leave(self) -> None:
        """Stop receiving, so that Slack delivers to other processes."""
        self._closing.set()
        self._wake_up.set()
        with self._lock:
            links, self._links = self._links, []
        self._ending += [link.end() for link in links]

    def close(self) -> None:
        """Wait up to `CLOSING` seconds for the sockets to close, since they may still deliver."""
        deadline = time.monotonic() + CLOSING
        for closing in self._ending:
            closing.join(max(0.0, deadline - time.monotonic()))

    def _watch(self) -> None:
        while True:
            self._wake_up.wait(LOOK)
            self._wake_up.clear()
            if self._closing.is_set():
                return
            try:
                self._look(time.monotonic())
            except Exception:
                logger.exception("checking the sockets failed")

    def _look(self, now: float) -> None:
        self._drop_the_dead(now)
        links = list(self._links)
        lasting = [link for link in links if not link.leaving]
        for link in lasting:
            if now - link.heard > SILENCE:
                logger.info("replacing a silent socket")
                link.leaving = True
        if any(link.is_open and now - link.opened > STEADY for link in lasting):
            self._attempts = 0
        if any(link.is_open for link in lasting):
            for link in links:
                if link.leaving and link.until is None:
                    link.until = now + GRACE
        if not lasting and now >= self._next:
            self._try_to_open()

    def _drop_the_dead(self, now: float) -> None:
        for link in list(self._links):
            why = link.why_dead(now)
            if why or (link.until is not None and now > link.until):
                if why:
                    level = logging.INFO if link.is_orderly else logging.WARNING
                    logger.log(level, "replacing a socket: %s", why)
                with self._lock:
                    if link in self._links:
                        self._links.remove(link)
                link.end()

    def _try_to_open(self) -> None:
        self._attempts += 1
        pause = PAUSES[min(self._attempts, len(PAUSES)) - 1]
        try:
            self._open()
            cause = "announced" if any(link.leaving for link in self._links) else "dropped"
            metrics.SOCKET_RECONNECTS.labels(cause).inc()
            asked = 0.0
        except (*FAILURES, KeyError) as error:
            asked = retry_delay(error)
            wait = max(pause, asked)
            logger.warning("no socket opened (%s); retrying in %g s", error_code(error), wait)
        self._next = time.monotonic() + max(pause, asked)

    def _open(self) -> None:
        link = Connection(self._app, self._app_token, self._client, self._wake_up.set)
        with self._lock:
            if not self._closing.is_set():
                self._links.append(link)
                return
        link.end()


def open_sockets(app: App, settings: Settings) -> SocketModePool:
    """Open a pool with one socket. Raises `OSError`, or `ServiceError` if the token is unusable."""
    if settings.slack_app_token is None:
        raise ServiceError(
            "Socket Mode needs SLACK_APP_TOKEN: an app-level token with the scope "
            "connections:write, from the app's Basic Information page."
        )
    # `SocketModePool` retries itself, and a failed call must not block it for long.
    client = web_client(settings, 5, once=True, anonymous=True)
    sockets = SocketModePool(app, settings.slack_app_token.get_secret_value(), client)
    try:
        sockets.connect()
    except (SlackApiError, SlackClientError) as error:
        raise ServiceError(
            f"Slack refuses a socket for SLACK_APP_TOKEN ({error_code(error)}). Use an "
            "app-level token, xapp-…, with the scope connections:write."
        ) from error
    return sockets
