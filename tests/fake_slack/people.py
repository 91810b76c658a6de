"""User actions in the workspace: type, edit, use commands and shortcuts."""

from copy import deepcopy
from typing import Any

from tests.fake_slack import conversation, events, payloads, uploads
from tests.fake_slack.core import ImpossibleError
from tests.fake_slack.model import Channel, ChannelKind, Message, User
from tests.fake_slack.records import Delivery
from tests.fake_slack.server import Server


class People(Server):
    """The façade's methods for typing."""

    def add_channel(
        self,
        name: str,
        members: list[User | str] | None = None,
        *,
        bot: bool = True,
        private: bool = False,
        group_dm: bool = False,
        shared: bool = False,
    ) -> Channel:
        """Add a channel with the bot and the given members (by default all users)."""
        people = [u for u in self.state.users.values() if not u.is_bot]
        ids = [self.user(m).id for m in (people if members is None else members)]
        if bot:
            ids.append(self.identity.bot_user_id)
        kind: ChannelKind = "mpim" if group_dm else "group" if private else "channel"
        channel = self.state.new_channel(name, kind, ids)
        channel.creator = ids[0] if ids else ""
        channel.is_shared = shared
        return channel

    def dm(self, user: User | str) -> Channel:
        """Return a person's direct-message channel with the bot."""
        return self.state.direct(self.user(user).id, self.identity.bot_user_id)

    def say(
        self,
        user: User | str,
        channel: Channel | str,
        text: str,
        thread_ts: str | Message | None = None,
    ) -> Message:
        """Type a message, in the thread `thread_ts` if given. Does not wait for the app."""
        who, where = self._writer(user, channel)
        root = self._root(where, thread_ts)
        return conversation.say(self, who, where, text, thread_ts=root)

    def upload(
        self,
        user: User | str,
        channel: Channel | str,
        name: str,
        content: bytes,
        text: str = "",
        thread_ts: str | Message | None = None,
    ) -> Message:
        """Upload a file, with a message."""
        who, where = self._writer(user, channel)
        root = self._root(where, thread_ts)
        return uploads.share_by_user(self, who, where, name, content, text, thread_ts=root)

    def edit(self, message: Message, text: str) -> Message:
        """Edit a message as its author."""
        return conversation.edit(self, self._current(message), text)

    def delete(self, message: Message) -> None:
        """Delete a message as its author."""
        conversation.delete(self, self._current(message))

    def command(
        self, user: User | str, channel: Channel | str, command: str, text: str = ""
    ) -> Delivery:
        """Use a slash command, and wait until the app has acknowledged it or Slack gives up.

        Commands in threads and commands missing from the manifest are not delivered.
        """
        who, where = self._writer(user, channel)
        known = self.app.command(command)
        if known is None:
            return self._refused("slash_commands", command, who, where.id, "invalid_command")
        with self.state.lock:
            payload = payloads.slash_command(self, who, where, known, text)
        return self.send("slash_commands", command, payload, who, where.id)

    def shortcut(
        self, user: User | str, callback_id: str, message: Message | None = None
    ) -> Delivery:
        """Use a shortcut, or a message shortcut if a message is given; wait as `command` does."""
        who = self.user(user)
        known = self.app.shortcut(callback_id)
        wanted = "message" if message else "global"
        if known is None or (known.type != wanted and not self.app.permissive):
            raise ImpossibleError(f"the manifest has no {wanted} shortcut {callback_id!r}")
        if message is None:
            payload = payloads.global_shortcut(self, who, callback_id)
            return self.send("interactive", "shortcut", payload, who, "")
        current = self._current(message)
        if current.ephemeral_to:
            raise ImpossibleError("an ephemeral message has no message shortcuts")
        with self.state.lock:
            payload = payloads.message_shortcut(self, who, callback_id, current)
        return self.send("interactive", "message_action", payload, who, current.channel)

    def open_home(self, user: User | str, tab: str = "home") -> Delivery | None:
        """Open the app's Home or Messages tab. Returns None if the app is not notified."""
        who = self.user(user)
        with self.state.change():
            return events.emit_home_opened(self, who, tab)

    def send(
        self, envelope: Any, name: str, payload: dict[str, Any], user: User, target: str
    ) -> Delivery:
        """Deliver a command or an interaction and wait for its outcome."""
        if envelope == "interactive" and not self.app.interactive:
            return self._refused(envelope, name, user, target, "interactivity_disabled")
        delivery = Delivery(envelope, name, payload, user.id, target)
        self.dispatch(delivery)
        with self.state.changed:
            self.state.changed.wait_for(lambda: delivery.done, self.settings.ack + 10)
        return delivery

    def _refused(self, envelope: Any, name: str, user: User, target: str, code: str) -> Delivery:
        delivery = Delivery(envelope, name, {}, user.id, target, error=code, done=True)
        with self.state.change():
            self.state.deliveries.append(delivery)
        unknown = code == "invalid_command"
        text = f"{name} is not a valid command." if unknown else "This app is not interactive."
        self.notice(user.id, target, code, text)
        return delivery

    def _writer(self, user: User | str, channel: Channel | str) -> tuple[User, Channel]:
        who, where = self.user(user), self.channel(channel)
        if who.id not in where.members:
            raise ImpossibleError(f"{who.name} is not in {where.name or where.id}")
        return who, where

    def _root(self, channel: Channel, thread_ts: str | Message | None) -> str | None:
        """Return the ts of a message's thread, given the message or its ts."""
        if thread_ts is None:
            return None
        ts = thread_ts.ts if isinstance(thread_ts, Message) else thread_ts
        found = self.state.find(channel.id, ts)
        if found is None or found.ephemeral_to:
            raise ImpossibleError(f"no message {ts} in {channel.name or channel.id} to reply to")
        return found.thread_ts or found.ts

    def _current(self, message: Message) -> Message:
        """Return the current state of the message."""
        found = self.state.find(message.channel, message.ts)
        if found is None:
            raise ImpossibleError(f"message {message.ts} is gone: {deepcopy(message.text)!r}")
        return found
