"""The transports for deliveries: Socket Mode and HTTP."""

import threading

from slack_bolt import App
from slack_sdk.errors import SlackApiError, SlackClientError
from waitress.server import MultiSocketServer

from bot.config import Settings
from bot.slack.bolt_app import ServiceError
from bot.slack.client import web_client
from bot.slack.http_server import IsFirst, create_server
from bot.slack.socket_mode import SocketModePool


def open_sockets(app: App, settings: Settings) -> SocketModePool:
    """Open the first socket. Raises `OSError`, or `ServiceError` if Slack refuses it."""
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
        code = error.response["error"] if isinstance(error, SlackApiError) else error
        raise ServiceError(
            f"Slack does not open a socket for SLACK_APP_TOKEN ({code}). Use an app-level token, "
            "xapp-…, with the scope connections:write."
        ) from error
    return sockets


class HttpTransport:
    is_open = True

    def __init__(self, app: App, settings: Settings, is_first: IsFirst) -> None:
        """Start the server (see `create_server`). Raises `ServiceError` and `OSError`."""
        secret = settings.slack_signing_secret
        if secret is None:
            raise ServiceError(
                "HTTP mode needs SLACK_SIGNING_SECRET, from the app's Basic Information page."
            )
        self._closed = False
        self._server = create_server(
            app, secret.get_secret_value(), settings.host, settings.port, is_first
        )
        threading.Thread(target=self._serve, name="http", daemon=True).start()

    @property
    def port(self) -> int:
        """The actual port, even if the setting is 0."""
        if isinstance(self._server, MultiSocketServer):
            return int(self._server.effective_listen[0][1])
        return int(getattr(self._server, "effective_port", 0))

    def leave(self) -> None:
        """Do nothing, since commands are recorded until `close` and Slack does not retry them."""

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


Transport = SocketModePool | HttpTransport
