"""Records of a workspace: the app's calls, deliveries to the app, and its acknowledgements."""

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fake_slack.model import JSON

Envelope = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True)
class Call:
    """A request from the app: a Web API method, `response_url` or `upload`.

    `error` is Slack's error code, `fault:…` for a fault, or None; `answer` is the response; `at` is
    in seconds since the epoch, `seconds` is the duration.
    """

    method: str
    args: JSON
    at: float
    seconds: float
    status: int
    error: str | None
    answer: JSON


@dataclass
class Attempt:
    """An attempt at a delivery. `status` is 0 without a response (an acknowledgement over a socket
    counts as 200); `error` is Slack's reason, such as `http_timeout`."""

    number: int
    at: float
    status: int = 0
    seconds: float = 0.0
    body: Any = None
    error: str | None = None
    url: str = ""  # the instance of the app, in HTTP mode


@dataclass
class Delivery:
    """A command, interaction or event sent to the app, with its outcome.

    `name` is the command (`/near`), the interaction (`block_actions`) or the event (`app_mention`).
    `error` is the code shown to the person, or the reason why Slack gave up; None on success.
    `seconds` is the time of the last attempt. `messages` explains an acknowledgement that Slack
    cannot use, such as one with invalid blocks.
    """

    envelope: Envelope
    name: str
    payload: JSON
    user: str = ""
    target: str = ""
    id: str = ""
    attempts: list[Attempt] = field(default_factory=list)
    error: str | None = None
    messages: list[str] = field(default_factory=list)
    done: bool = False

    @property
    def ok(self) -> bool:
        return self.done and self.error is None

    @property
    def seconds(self) -> float:
        return self.attempts[-1].seconds if self.attempts else 0.0

    @property
    def event(self) -> JSON:
        """The inner event of an Events API delivery; empty for other deliveries."""
        inner = self.payload.get("event")
        return inner if isinstance(inner, dict) else {}


@dataclass(frozen=True)
class RawAnswer:
    """The app's response to a raw request."""

    status: int
    body: str
    headers: dict[str, str]
    seconds: float


@dataclass(frozen=True)
class Notice:
    """A message from Slack itself to a person, such as that a command failed."""

    user: str
    channel: str
    code: str
    text: str
