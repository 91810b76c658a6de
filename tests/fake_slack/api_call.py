"""A call of a Web API method, with its arguments parsed as Slack parses them."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from tests.fake_slack.core import Core
from tests.fake_slack.model import JSON, Channel
from tests.fake_slack.socket_mode import SocketHub


class ApiError(Exception):
    """An `ok: false` response with Slack's error code and other fields."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra: JSON = extra


@dataclass(frozen=True)
class ApiCall:
    core: Core
    hub: SocketHub
    method: str
    args: JSON
    scopes: frozenset[str]

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.args.get(name) in (True, "true", "1", 1)

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name, default))
        except (TypeError, ValueError):
            raise invalid_arguments(f"{name} must be a number", f"/{name}") from None

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}", "")
        return value

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """Return a JSON argument: an object, or a string in a form."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error) from None

    def channel(self, name: str = "channel", *, must_join: bool = False) -> Channel:
        """Return the channel in an argument. Raises `ApiError` if the bot may not see it."""
        channel = self.core.state.channels.get(self.text(name))
        if channel is None:
            raise ApiError("channel_not_found")
        if not self.core.bot_is_in(channel):
            if channel.kind != "channel":
                raise ApiError("channel_not_found")
            if must_join:
                raise ApiError("not_in_channel")
        return channel

    def page(self, items: list[Any], *, default: int, largest: int) -> tuple[list[Any], str]:
        """Return the part of a list selected by `cursor` and `limit`, and the next cursor."""
        limit = self.number("limit", default)
        if not 1 <= limit <= largest:
            limit = default if limit <= 0 else largest
        start = 0
        if cursor := self.text("cursor"):
            try:
                start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
            except ValueError:
                raise ApiError("invalid_cursor") from None
        end = start + limit
        following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
        return items[start:end], following


def invalid_arguments(message: str, pointer: str) -> ApiError:
    line = f"[ERROR] {message} [json-pointer:{pointer}]"
    return ApiError("invalid_arguments", response_metadata={"messages": [line]})
