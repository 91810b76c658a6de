"""The state of the workspace, shared by the server's thread and the tests' threads.

One re-entrant lock guards all reads and writes. Every change calls `touch()`, which wakes
`Workspace.wait` and the open pages.
"""

import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fake_slack.model import JSON, Channel, ChannelKind, File, Message, User, View
from tests.fake_slack.records import Call, Delivery, Notice

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class Trigger:
    """A `trigger_id`, valid for one view and three seconds."""

    id: str
    user: str
    expires: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """The target of a `response_url`. `message_ts` is the message that it may replace, if any;
    `used` lists the times of use, in seconds since the epoch."""

    path: str
    user: str
    channel: str
    expires: float
    message_ts: str | None = None
    used: list[float] = field(default_factory=list)


@dataclass
class Thread:
    """The app's settings for an assistant thread or a thread in a channel."""

    status: str = ""
    status_expires: float = 0.0
    prompts: list[JSON] = field(default_factory=list)


class State:
    """Users, channels, messages, views, files, and the records of calls and deliveries."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.revision = 0
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, list[Message]] = defaultdict(list)
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = defaultdict(list)
        self.homes: dict[str, str] = {}
        self.files: dict[str, File] = {}
        self.threads: dict[tuple[str, str], Thread] = defaultdict(Thread)
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.notices: list[Notice] = []
        self.in_flight = 0
        self._offset = 0.0
        self._counter = 46656  # "1000" in base 36, so that ids look like Slack's
        self._last_micros = 0

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock, and wake waiting threads at the end."""
        with self.lock:
            try:
                yield
            finally:
                self.revision += 1
                self.changed.notify_all()

    def now(self) -> float:
        """Return the workspace's time in seconds since the epoch; `advance` changes it."""
        return time.time() + self._offset

    def advance(self, seconds: float) -> None:
        with self.change():
            self._offset += seconds

    def new_id(self, prefix: str) -> str:
        """Return a new unique id in Slack's form, such as `C000001000`."""
        with self.lock:
            self._counter += 1
            number, digits = self._counter, ""
            while number:
                number, rest = divmod(number, 36)
                digits = DIGITS[rest] + digits
            return prefix + digits.rjust(9, "0")

    def new_ts(self) -> str:
        """Return a message timestamp later than all earlier ones."""
        with self.lock:
            micros = max(int(self.now() * 1_000_000), self._last_micros + 1)
            self._last_micros = micros
            return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def new_trigger(self, user: str, seconds: float, view_id: str | None = None) -> str:
        with self.lock:
            number = self.new_id("")
            trigger = f"{int(number, 36)}.{int(self.now())}.{secrets.token_hex(16)}"
            self.triggers[trigger] = Trigger(trigger, user, self.now() + seconds, view_id)
            return trigger

    def new_channel(self, name: str, kind: ChannelKind, members: list[str]) -> Channel:
        with self.change():
            prefix = "D" if kind == "im" else "C"
            channel = Channel(self.new_id(prefix), name, kind, members, int(self.now()))
            self.channels[channel.id] = channel
            return channel

    def direct(self, user: str, bot_user: str) -> Channel:
        """Return the direct-message channel of a person and the bot; create it on first use."""
        with self.lock:
            for channel in self.channels.values():
                if channel.kind == "im" and channel.user == user:
                    return channel
            channel = self.new_channel("", "im", [user, bot_user])
            channel.user = user
            return channel

    def find(self, channel: str, ts: str) -> Message | None:
        """Return a message with a timestamp, including ephemeral ones."""
        with self.lock:
            return next((m for m in self.messages[channel] if m.ts == ts), None)

    def thread(self, channel: str, root_ts: str) -> list[Message]:
        """Return a thread's visible messages, the parent first."""
        with self.lock:
            return [
                m
                for m in self.messages[channel]
                if m.ephemeral_to is None and (m.thread_ts or m.ts) == root_ts
            ]
