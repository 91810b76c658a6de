"""The observable state for tests: conversations, views, and the records of calls and deliveries."""

import time
from collections.abc import Callable
from copy import deepcopy
from typing import TypeVar

from tests.fake_slack.interactions import Interactions
from tests.fake_slack.model import Channel, Message, User, View
from tests.fake_slack.records import Call, Delivery, Notice
from tests.fake_slack.state import Thread

T = TypeVar("T")


class WaitTimeoutError(AssertionError):
    """Raised when a condition stays false; the message lists the latest calls and deliveries."""


class Observer(Interactions):
    """The part of the façade that observes. It returns copies of messages and views."""

    def messages(
        self, channel: Channel | str, thread_ts: str | Message | None = None
    ) -> list[Message]:
        """Return a channel's or a thread's messages that are visible to everybody."""
        where = self.channel(channel).id
        root = thread_ts.ts if isinstance(thread_ts, Message) else thread_ts
        with self.state.lock:
            if root is not None:
                return deepcopy(self.state.thread(where, root))
            kept = [m for m in self.state.messages[where] if m.ephemeral_to is None]
            return deepcopy([m for m in kept if not m.is_reply])

    def replies(self, message: Message) -> list[Message]:
        """Return the visible replies in a message's thread."""
        return self.messages(message.channel, message.thread_ts or message.ts)[1:]

    def ephemerals(self, user: User | str, channel: Channel | str) -> list[Message]:
        """Return a person's ephemeral messages in a channel, oldest first."""
        who, where = self.user(user).id, self.channel(channel).id
        with self.state.lock:
            return deepcopy([m for m in self.state.messages[where] if m.ephemeral_to == who])

    def views(self, user: User | str) -> list[View]:
        """Return a person's open modals, the top one last."""
        who = self.user(user).id
        with self.state.lock:
            return deepcopy([self.state.views[v] for v in self.state.stacks.get(who, [])])

    def home(self, user: User | str) -> View | None:
        """Return a person's Home tab, if the app has published it."""
        with self.state.lock:
            view_id = self.state.homes.get(self.user(user).id)
            return deepcopy(self.state.views[view_id]) if view_id else None

    def thread_status(self, channel: Channel | str, thread_ts: str = "") -> Thread:
        """Return a thread's (or with `""` a conversation's) status and prompts."""
        with self.state.lock:
            thread = deepcopy(self.state.threads[self.channel(channel).id, thread_ts])
            if thread.status_expires < self.state.now():
                thread.status = ""
            return thread

    def calls(self, method: str | None = None) -> list[Call]:
        """Return the app's calls of a method, `response_url` or `upload`; by default all calls."""
        with self.state.lock:
            return [c for c in self.state.calls if method in (None, c.method)]

    def deliveries(self, name: str | None = None) -> list[Delivery]:
        """Return the commands, interactions and events sent to the app, by name."""
        with self.state.lock:
            return [d for d in self.state.deliveries if name in (None, d.name)]

    def notices(self, user: User | str) -> list[Notice]:
        """Return Slack's notices to a person, such as that a command failed."""
        who = self.user(user).id
        with self.state.lock:
            return [n for n in self.state.notices if n.user == who]

    def forget(self) -> None:
        """Empty the record of calls, deliveries and notices."""
        with self.state.change():
            for record in (self.state.calls, self.state.deliveries, self.state.notices):
                record.clear()

    def wait(self, condition: Callable[[], T | None], seconds: float = 5.0) -> T:
        """Wait until a condition is true, and return its value.

        Raises:
            WaitTimeoutError: the condition stayed false; the message lists the latest calls.
        """
        end = time.monotonic() + seconds
        while True:
            seen = self.state.revision
            # The lock is released: the condition may call the Web API, which needs the lock.
            if result := condition():
                return result
            left = end - time.monotonic()
            if left <= 0:
                break
            with self.state.changed:
                if self.state.revision == seen:
                    # A condition may depend on more than the workspace, so check it regularly.
                    self.state.changed.wait(min(left, 0.05))
        calls = [f"{c.method} {c.error or 'ok'}" for c in self.calls()[-10:]]
        sent = [f"{d.name} {d.error or ('ok' if d.done else '…')}" for d in self.deliveries()[-10:]]
        raise WaitTimeoutError(f"not within {seconds:g} s; latest calls: {calls}; sent: {sent}")

    def settle(self, seconds: float = 5.0) -> None:
        """Wait until no delivery or retry is pending."""
        self.wait(lambda: self.state.in_flight == 0, seconds)

    def advance(self, seconds: float) -> None:
        """Advance the workspace's clock, so that trigger ids and response URLs expire."""
        self.state.advance(seconds)
