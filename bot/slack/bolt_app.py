"""Builds the Bolt app and identifies the bot with `auth.test`."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.config import Settings
from bot.ops import metrics, request_id
from bot.slack.client import header
from bot.slack.events import is_redelivered
from index.errors import NearsayError

logger = logging.getLogger(__name__)
# Bolt warns that SLACK_BOT_TOKEN is unused. That is intended: `authorize` supplies the token.
logging.getLogger("slack_bolt.App").addFilter(
    lambda record: "`token` will be unused" not in record.getMessage()
)


class ListenerExecutor(ThreadPoolExecutor):
    """A thread pool for listeners that propagates the request id."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(request_id.propagate(fn), *args, **kwargs)


class ServiceError(NearsayError):
    """Raised when the service cannot start; the message says why and what to do."""


def identify(settings: Settings, client: WebClient) -> AuthorizeResult:
    """Identify the bot with `auth.test`.

    Raises `ServiceError` if Slack rejects the token or cannot be reached.
    """
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    try:
        who = client.auth_test(token=token)
    except SlackApiError as error:
        raise ServiceError(
            f"Slack rejects SLACK_BOT_TOKEN ({error.response['error']}). Copy the Bot "
            "User OAuth Token from the app's OAuth & Permissions page."
        ) from error
    except (SlackClientError, OSError) as error:
        raise ServiceError(
            f"Slack cannot be reached at {settings.slack_api_url}. Check the network, and "
            "SLACK_API_URL if you have set it."
        ) from error
    return AuthorizeResult.from_auth_test_response(
        bot_token=token,
        bot_scopes=header(who, "x-oauth-scopes").replace(" ", "") or None,
        auth_test_response=who,
    )


def build_app(client: WebClient, who: AuthorizeResult, acknowledging: ListenerExecutor) -> App:
    """Build the Bolt app; its listeners run on the executor `acknowledging`."""

    def failed(error: Exception) -> BoltResponse:
        """Return 200 for a request without a listener, such as an old button, else 500."""
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        logger.error("a request from Slack could not be dispatched", exc_info=error)
        return BoltResponse(status=500, body="")

    # `bot.slack.http_server` verifies HTTP requests; those over a socket need no verification.
    app = _TracedApp(
        client=client,
        authorize=lambda: who,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=True,
        listener_executor=acknowledging,
    )
    app.error(failed)
    return app


class _TracedApp(App):
    """A Bolt app that gives each request an id, times its acknowledgement and counts retries."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        if is_redelivered(req.headers):
            metrics.SLACK_RETRIES.inc()
        with request_id.request_scope(), metrics.ACKNOWLEDGEMENT_SECONDS.time():
            return super().dispatch(req)
