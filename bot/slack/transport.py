"""How what people do in Slack reaches the bot: over a socket that it opens, or by HTTP requests."""

from __future__ import annotations

import threading

from slack_bolt import App
from slack_sdk.errors import SlackApiError, SlackClientError
from waitress.server import MultiSocketServer

from bot.config import Settings
from bot.slack.bolt_app import ServiceError
from bot.slack.client import web_client
from bot.slack.http_server import IsFirst, create_server
from bot.slack.socket_mode import SocketModePool

CLOSING = 2.0  # seconds that sockets may take to close


class OverSocket:
    """Socket Mode."""

    port = 0  # it listens on none

    def __init__(self, app: App, settings: Settings) -> None:
        """Raises `ServiceError` where Slack does not open a socket, and `OSError`."""
        if settings.slack_app_token is None:
            raise ServiceError(
                "Socket Mode needs SLACK_APP_TOKEN: an app-level token with the scope "
                "connections:write, from the app's Basic Information page."
            )
        # Nothing else may try again to open a socket, and it may not take long to fail.
        opening = web_client(settings, 5, once=True, anonymous=True)
        self._sockets = SocketModePool(app, settings.slack_app_token.get_secret_value(), opening)
        try:
            self._sockets.connect()
        except (SlackApiError, SlackClientError) as error:
            code = error.response["error"] if isinstance(error, SlackApiError) else error
            raise ServiceError(
                f"Slack does not open a socket for SLACK_APP_TOKEN ({code}). It is an app-level "
                "token, xapp-…, with the scope connections:write."
            ) from error

    @property
    def is_open(self) -> bool:
        return self._sockets.is_connected()

    def leave(self) -> None:
        """Takes nothing new: another process then takes it."""
        self._sockets.close()

    def close(self) -> None:
        """Ends it, after `leave`."""
        self._sockets.wait(CLOSING)


class OverHttp:
    """A server for what Slack posts."""

    is_open = True

    def __init__(self, app: App, settings: Settings, is_first: IsFirst) -> None:
        """`is_first` tells whether no other process has had a signature. Raises `OSError` where
        the address is taken."""
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
        """The port that it listens on, which the system chose when 0 was asked for."""
        if isinstance(self._server, MultiSocketServer):
            return int(self._server.effective_listen[0][1])
        return int(getattr(self._server, "effective_port", 0))

    def leave(self) -> None:
        """Until the end it records what comes, for the next start: Slack repeats no command."""

    def close(self) -> None:
        self._closed = True
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        self._server.close()

    def _serve(self) -> None:
        try:
            self._server.run()
        except OSError:
            # Closed from another thread, the server may find its socket gone.
            if not self._closed:
                raise


Transport = OverSocket | OverHttp
