"""The façade: a workspace that a test starts, uses, and observes."""

from __future__ import annotations

import json
from dataclasses import replace
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.fake_slack.core import Identity, Settings
from tests.fake_slack.faults import Fault
from tests.fake_slack.http_mode import signed_headers, url_verification
from tests.fake_slack.manifest import Installation, Mode, read_manifest
from tests.fake_slack.model import JSON
from tests.fake_slack.page_server import page_routes
from tests.fake_slack.records import Delivery, RawAnswer
from tests.fake_slack.socket_mode import Reason
from tests.fake_slack.watching import Observer


class Workspace(Observer):
    """A Slack workspace on 127.0.0.1 with one app.

    Args:
        mode: the app's connection: "http" (signed requests to `request_url`) or "socket".
        request_url: the app's address in HTTP mode; can be set later.
        port: the port to listen on; by default a free one.
        settings: Slack's time limits, which a test can shorten.
    """

    def __init__(
        self,
        mode: Mode = "http",
        request_url: str | None = None,
        *,
        port: int = 0,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(mode, request_url, settings or Settings(), port)

    def __enter__(self) -> Workspace:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        """The Web API's base URL; ends with `/api/`."""
        return f"{self.base_url}/api/"

    @property
    def bot_token(self) -> str:
        return self.identity.bot_token

    @property
    def app_token(self) -> str:
        return self.identity.app_token

    @property
    def signing_secret(self) -> str:
        return self.identity.signing_secret

    @property
    def bot_user_id(self) -> str:
        return self.identity.bot_user_id

    def rotate(self) -> None:
        """Issue new tokens and a new signing secret; the old ones become invalid."""
        other = Identity("", self.identity.app_id, "", "")
        self.identity = replace(
            self.identity,
            bot_token=other.bot_token,
            app_token=other.app_token,
            signing_secret=other.signing_secret,
        )

    @property
    def mention(self) -> str:
        """The text that mentions the bot in a typed message."""
        return f"<@{self.bot_user_id}>"

    def install(self, manifest: JSON) -> Installation:
        """Install the app with its manifest, which then determines the deliveries.

        Before that, every command, shortcut and event is delivered and every scope is granted.

        Raises:
            ManifestError: Slack refuses the manifest, or it is for the other mode.
        """
        self.app = read_manifest(manifest, self.mode)
        with self.state.change():
            bot = self.state.users[self.bot_user_id]
            bot.name = bot.real_name = self.app.bot_name
        return self.app

    def fault(self, method: str, **how: Any) -> Fault:
        """Make the next calls of a Web API method, of `response_url`, of `upload` or of all (`*`)
        fail; `how` contains fields of `Fault`."""
        return self.faults.add(Fault(self.state, method, **how))

    @property
    def sockets(self) -> int:
        """The number of sockets that the app has open."""
        return len(self.hub.sockets)

    @property
    def sockets_opened(self) -> int:
        """The number of sockets that the app has opened so far, to detect reconnections."""
        return self.hub.opened

    def drop_sockets(self) -> int:
        """Reset the sockets' TCP connections, and return their number."""
        return self.run(self.hub.drop())

    def make_half_open(self) -> int:
        """Make the sockets half-open, so that nothing passes, and return their number."""
        return self.run(self.hub.make_half_open())

    def refuse_sockets(self, refuse: bool = True) -> None:
        """Refuse new sockets with HTTP 503, or accept them again."""
        self.hub.refusing = refuse

    def disconnect(self, reason: Reason, close_after: float | None = None) -> None:
        """Send the sockets a disconnect message. Slack closes them ten seconds after a warning, and
        immediately for other reasons. `close_after` overrides the delay; by default, a warning
        leaves them open."""
        if close_after is None and reason != "warning":
            close_after = 0.0
        self.run(self.hub.disconnect(reason, close_after))

    def drop_events(self, attempts: int = 1) -> None:
        """Drop the next attempts at events, so that the app receives only the retries."""
        with self.state.change():
            self.lost_attempts += attempts

    def redeliver(self, delivery: Delivery, reason: str = "http_timeout") -> Delivery:
        """Send an event again as a retry with the same event id, and wait for the response."""
        if delivery.envelope != "events_api":
            raise ValueError("Slack sends only events again")
        self.redeliver_now(delivery, reason)
        return delivery

    def post_raw(self, body: bytes | str, headers: dict[str, str] | None = None) -> RawAnswer:
        """Post a body with exactly these headers to the request URL, for unsigned, forged and
        replayed requests."""
        data = body.encode() if isinstance(body, str) else body
        return self.run(self.http.post(data, headers or {}))

    def sign(self, body: bytes | str, timestamp: float | None = None) -> dict[str, str]:
        """Return the headers that sign a body at a given time."""
        data = body.encode() if isinstance(body, str) else body
        return signed_headers(self.signing_secret, data, timestamp)

    def verify_url(self, challenge: str = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd") -> bool:
        """Check the request URL as Slack does: the app must return a challenge."""
        body = json.dumps(url_verification(self, challenge))
        answer = self.post_raw(body, self.sign(body) | {"Content-Type": "application/json"})
        return answer.status == 200 and challenge in answer.body

    def page_routes(self) -> list[web.RouteDef]:
        return page_routes(self)

    def env(self) -> dict[str, Any]:
        """Return the app's settings as lines for an .env file."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
        }
