"""Bolt middleware that refuses requests of another workspace or app, and replies to elsewhere.

Such a request is signed too if a signing secret or an app-level token serves several installations.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.config import Settings
from bot.slack.payloads import Body
from index.ways.chat_server import is_loopback

logger = logging.getLogger(__name__)

_SLACKS = ("slack.com", "slack-gov.com")
_APP_IN_TOKEN = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")


def app_id(settings: Settings) -> str:
    """Return the app's id, which the app-level token contains; empty without one."""
    token = settings.slack_app_token
    found = _APP_IN_TOKEN.match(token.get_secret_value()) if token else None
    return found[1] if found else ""


@dataclass(frozen=True, eq=False)
class OriginMiddleware:
    """Drops requests that name neither the bot's workspace nor its organization, another app than
    `app` (empty if unknown), or a `response_url` that is not Slack's.

    With an `api_url` on this machine, for tests, a `response_url` must be on this machine too.
    """

    who: AuthorizeResult
    app: str
    api_url: str

    def screen(self, body: dict[str, Any], next_: Callable[[], None]) -> BoltResponse | None:
        """Pass on a request of this installation; acknowledge and drop any other."""
        reason = self._fault(body)
        if not reason:
            next_()
            return None
        logger.warning("request dropped: %s", reason)
        return BoltResponse(status=200, body="")

    def _fault(self, body: Body) -> str:
        named = set(_installations(body)) - {None, ""}
        if named and not named & {self.who.team_id, self.who.enterprise_id}:
            return "it is for another workspace"
        app = body.get("api_app_id")
        if app and self.app and app != self.app:
            return "it is for another app"
        url = body.get("response_url")
        return "" if not url or self._is_slacks(str(url)) else "its response_url is not Slack's"

    def _is_slacks(self, url: str) -> bool:
        try:
            place, api = urlsplit(url), urlsplit(self.api_url)
        except ValueError:
            return False
        host = place.hostname or ""
        if is_loopback(api.hostname or ""):
            return is_loopback(host)
        is_slacks = host in _SLACKS or host.endswith(tuple(f".{one}" for one in _SLACKS))
        return place.scheme == "https" and is_slacks


def _installations(body: Body) -> Iterator[object]:
    """Yield the ids of the workspaces and organizations whose installation a request is for.

    In channels shared with others, an event's `team_id` may be theirs; `authorizations` are ours.
    """
    given = body.get("authorizations")
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    if rows:
        for row in rows:
            yield from (row.get("team_id"), row.get("enterprise_id"))
    elif not body.get("is_ext_shared_channel"):
        team, enterprise = body.get("team"), body.get("enterprise")
        yield team.get("id") if isinstance(team, Mapping) else body.get("team_id")
        yield enterprise.get("id") if isinstance(enterprise, Mapping) else body.get("enterprise_id")
