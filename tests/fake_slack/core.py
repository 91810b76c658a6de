"""State shared by all parts of the workspace: the app's identity, the settings, and the objects."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fake_slack.faults import Faults
from tests.fake_slack.manifest import Installation, Mode
from tests.fake_slack.model import JSON, Channel, User
from tests.fake_slack.records import Delivery, Notice
from tests.fake_slack.state import State


@dataclass(frozen=True)
class Settings:
    """Slack's time limits in seconds, which tests can shorten.

    `retry_delays` are the delays before the second and later attempts at an event; `ping` is the
    interval of socket pings; `upload` is the time until a completed upload appears.
    """

    ack: float = 3.0
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger: float = 3.0
    response_url: float = 1800.0
    response_url_uses: int = 5
    upload: float = 0.2
    status: float = 120.0
    ping: float = 10.0


def _token(length: int = 24) -> str:
    return secrets.token_urlsafe(length).replace("-", "x").replace("_", "y")


@dataclass(frozen=True)
class Identity:
    """The ids and secrets of the workspace and the app, new for every workspace."""

    team_id: str
    app_id: str
    bot_id: str
    bot_user_id: str
    domain: str = "loopback"
    team_name: str = "Loopback"
    bot_token: str = field(default_factory=lambda: f"xoxb-loopback-{_token()}", repr=False)
    app_token: str = field(default="", repr=False)  # contains the app's id
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    verification_token: str = field(default_factory=_token, repr=False)

    def __post_init__(self) -> None:
        if not self.app_token:
            object.__setattr__(self, "app_token", f"xapp-1-{self.app_id}-{_token()}")


class ImpossibleError(ValueError):
    """Raised for an action that Slack does not allow, such as clicking a removed button."""


class Core:
    """The shared base class: state, installation, faults, and look-ups by id or name."""

    def __init__(self, mode: Mode, request_url: str | None, settings: Settings) -> None:
        self.mode: Mode = mode
        self.request_urls = [request_url] if request_url else []
        self._turn = 0
        self.settings = settings
        self.state = State()
        self.faults = Faults(self.state)
        self.app = Installation()
        self.base_url = ""
        self.lost_attempts = 0
        new_id = self.state.new_id
        self.identity = Identity(new_id("T"), new_id("A"), new_id("B"), new_id("U"))
        self.external_team_id = new_id("T")
        self.usergroups: dict[str, list[str]] = {}  # user ids by group
        self.add_user(self.app.bot_name, user_id=self.identity.bot_user_id, is_bot=True)

    @property
    def request_url(self) -> str | None:
        """The app's address in HTTP mode; several instances take turns."""
        if not self.request_urls:
            return None
        self._turn += 1
        return self.request_urls[self._turn % len(self.request_urls)]

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.request_urls = [url] if url else []

    def add_user(
        self,
        name: str,
        *,
        user_id: str | None = None,
        real_name: str = "",
        is_admin: bool = False,
        is_owner: bool = False,
        is_guest: bool = False,
        is_bot: bool = False,
        external: bool = False,
    ) -> User:
        team = self.external_team_id if external else self.identity.team_id
        with self.state.change():
            user = User(
                id=user_id or self.state.new_id("U"),
                name=name,
                real_name=real_name or name,
                team_id=team,
                is_admin=is_admin or is_owner,
                is_owner=is_owner,
                is_guest=is_guest,
                is_bot=is_bot,
                external=external,
            )
            self.state.users[user.id] = user
            return user

    def user(self, who: User | str) -> User:
        """Return a user, given as an object, an id or a name."""
        wanted = who.id if isinstance(who, User) else who
        with self.state.lock:
            if wanted in self.state.users:
                return self.state.users[wanted]
            for user in self.state.users.values():
                if user.name.lower() == wanted.lower():
                    return user
        raise ImpossibleError(f"no user {wanted!r} in this workspace")

    def channel(self, where: Channel | str) -> Channel:
        """Return a channel, given as an object, an id or a name (with or without `#`)."""
        wanted = where.id if isinstance(where, Channel) else where.removeprefix("#")
        with self.state.lock:
            if wanted in self.state.channels:
                return self.state.channels[wanted]
            for channel in self.state.channels.values():
                if channel.name == wanted and channel.kind != "im":
                    return channel
        raise ImpossibleError(f"no channel {wanted!r} in this workspace")

    def names(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return maps from names to ids: of users (in lower case) and of channels."""
        with self.state.lock:
            users = {u.name.lower(): u.id for u in self.state.users.values()}
            channels = {c.name: c.id for c in self.state.channels.values() if c.name}
            return users, channels

    def bot_is_in(self, channel: Channel) -> bool:
        return self.identity.bot_user_id in channel.members

    def notice(self, user: str, channel: str, code: str, text: str) -> None:
        """Show a person a notice from Slack itself; the app is not notified."""
        with self.state.change():
            self.state.notices.append(Notice(user, channel, code, text))

    def bot_profile(self) -> JSON:
        return {
            "id": self.identity.bot_id,
            "app_id": self.identity.app_id,
            "name": self.app.bot_name,
            "icons": {},
            "deleted": False,
            "updated": 1700000000,
            "team_id": self.identity.team_id,
        }

    def call_later(self, seconds: float, action: Callable[[], object]) -> None:
        """Call a function on the server's thread after a delay."""
        raise NotImplementedError

    def dispatch(self, delivery: Delivery) -> None:
        """Send a delivery to the app, from any thread."""
        raise NotImplementedError
