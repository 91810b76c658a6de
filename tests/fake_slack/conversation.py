"""Post, change and delete messages of users and the app, and send the events."""

import uuid
from copy import deepcopy
from typing import Any

from tests.fake_slack import events
from tests.fake_slack.core import Core
from tests.fake_slack.model import JSON, Channel, Message, User
from tests.fake_slack.mrkdwn import new_block_id, typed
from tests.fake_slack.payloads import message_json

TEXT_CUT = 40_000
"""Characters of text after which Slack cuts a message."""


def with_ids(blocks: list[JSON]) -> list[JSON]:
    """Return a copy of the blocks; generate missing ids as Slack does."""
    copy = deepcopy(blocks)
    for block in copy:
        block.setdefault("block_id", new_block_id())
        inside = [block.get("accessory"), block.get("element")]
        if block.get("type") == "actions":
            inside += block.get("elements", [])
        for element in inside:
            if isinstance(element, dict) and element.get("type") not in ("image", None):
                element.setdefault("action_id", new_block_id())
    return copy


def say(core: Core, user: User, channel: Channel, text: str, **fields: Any) -> Message:
    """Post a person's typed message."""
    users, channels = core.names()
    written, block = typed(text, users, channels)
    message = Message(
        channel=channel.id,
        ts=core.state.new_ts(),
        user=user.id,
        text=written,
        blocks=[block] if text else [],
        client_msg_id=str(uuid.uuid4()),
        **fields,
    )
    return add(core, message)


def post_as_bot(core: Core, channel: str, text: str, blocks: list[JSON], **fields: Any) -> Message:
    """Post the app's message, with its text truncated as Slack does."""
    message = Message(
        channel=channel,
        ts=core.state.new_ts(),
        user=core.identity.bot_user_id,
        text=text[:TEXT_CUT],
        blocks=with_ids(blocks),
        bot_id=core.identity.bot_id,
        **fields,
    )
    return add(core, message)


def add(core: Core, message: Message) -> Message:
    """Add a message to its channel. A reply makes its parent the parent of a thread."""
    with core.state.change():
        core.state.messages[message.channel].append(message)
        if message.is_reply:
            parent = core.state.find(message.channel, message.thread_ts or "")
            if parent and parent.thread_ts is None:
                parent.thread_ts = parent.ts
        if message.bot_id:
            core.state.threads[message.channel, message.thread_ts or message.ts].status = ""
        events.emit_message(core, message)
        return deepcopy(message)


def change(core: Core, message: Message, by: str, **fields: Any) -> Message:
    """Change a message's fields. A changed text marks it as edited."""
    with core.state.change():
        before = message_json(core, message)
        if "text" in fields and not fields.get("blocks"):
            message.edited = {"user": by, "ts": core.state.new_ts()}
        for name, value in fields.items():
            setattr(message, name, value)
        if message.ephemeral_to is None:
            events.emit_changed(core, before, message)
        return deepcopy(message)


def edit(core: Core, message: Message, text: str) -> Message:
    """Edit a person's message."""
    users, channels = core.names()
    written, block = typed(text, users, channels)
    with core.state.change():
        before = message_json(core, message)
        message.text, message.blocks = written, [block]
        message.edited = {"user": message.user, "ts": core.state.new_ts()}
        events.emit_changed(core, before, message)
        return deepcopy(message)


def delete(core: Core, message: Message) -> None:
    """Delete a message. The parent of a thread with replies remains as a tombstone."""
    with core.state.change():
        channel = core.state.channels[message.channel]
        before = message_json(core, message)
        if not message.is_reply and len(core.state.thread(channel.id, message.ts)) > 1:
            message.subtype = "tombstone"
            message.text, message.blocks = "This message was deleted.", []
            message.files, message.metadata = [], None
            events.emit_changed(core, before, message)
            return
        core.state.messages[channel.id].remove(message)
        if message.ephemeral_to is None:
            events.emit_deleted(core, before, channel)
