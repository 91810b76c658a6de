"""`chat.*`: posting, changing and deleting messages.

https://docs.slack.dev/reference/methods/chat.postMessage
"""

import json
from typing import Any

from tests.fake_slack import blockkit_rules, conversation
from tests.fake_slack.api_call import ApiCall, ApiError
from tests.fake_slack.model import JSON, Channel, Message
from tests.fake_slack.payloads import message_json

UPDATE_LIMIT = 4_000
METADATA_LIMIT = 16_000


def post_message(call: ApiCall) -> JSON:
    channel = _writable(call)
    text, blocks = _content(call)
    fields: dict[str, Any] = {"thread_ts": _thread(call, channel), "metadata": _metadata(call)}
    message = conversation.post_as_bot(call.core, channel.id, text, blocks, **fields)
    shown = message_json(call.core, message, with_metadata=True)
    answer: JSON = {"channel": channel.id, "ts": message.ts, "message": shown}
    if "text" in call.args or not blocks:
        return answer
    warning = "missing_text_in_message"
    return answer | {"warning": warning, "response_metadata": {"warnings": [warning]}}


def post_ephemeral(call: ApiCall) -> JSON:
    channel = call.channel(must_join=True)
    reader = call.required("user")
    if reader not in channel.members:
        raise ApiError("user_not_in_channel")
    text, blocks = _content(call)
    if len(text) > conversation.TEXT_CUT:
        raise ApiError("msg_too_long")
    message = conversation.post_as_bot(
        call.core,
        channel.id,
        text,
        blocks,
        ephemeral_to=reader,
        thread_ts=_thread(call, channel),
    )
    return {"message_ts": message.ts}


def update(call: ApiCall) -> JSON:
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    if not any(name in call.args for name in ("text", "blocks")):
        raise ApiError("no_text")
    text, blocks = _content(call, may_be_empty=True)
    if len(text) > UPDATE_LIMIT:
        raise ApiError("msg_too_long")
    if not text.strip() and "text" in call.args and not blocks:
        raise ApiError("no_text")
    # Text without blocks removes the old blocks; blocks without text keep the old text.
    fields: dict[str, Any] = {"text": text, "blocks": conversation.with_ids(blocks)}
    if "text" not in call.args:
        del fields["text"]
    if "metadata" in call.args:
        fields["metadata"] = _metadata(call)
    changed = conversation.change(call.core, message, call.core.identity.bot_user_id, **fields)
    shown = message_json(call.core, changed, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": changed.text, "message": shown}


def delete(call: ApiCall) -> JSON:
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    conversation.delete(call.core, message)
    return {"channel": channel.id, "ts": message.ts}


def _writable(call: ApiCall) -> Channel:
    """Return the channel to post to, given as an id, a name, or a person's id for a DM."""
    core, wanted = call.core, call.text("channel")
    if wanted in core.state.users:
        wanted = core.state.direct(wanted, core.identity.bot_user_id).id
    by_name = core.names()[1].get(wanted.removeprefix("#"))
    channel = core.state.channels.get(by_name or wanted)
    if channel is None or (channel.kind != "channel" and not core.bot_is_in(channel)):
        raise ApiError("channel_not_found")
    if channel.kind == "im" and not core.app.messages_tab:
        raise ApiError("messages_tab_disabled")
    if not core.bot_is_in(channel) and "chat:write.public" not in call.scopes:
        raise ApiError("not_in_channel")
    return channel


def _content(call: ApiCall, *, may_be_empty: bool = False) -> tuple[str, list[JSON]]:
    """Return the text and the checked blocks of a call."""
    text = call.text("text")
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is not None and not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if problems := blockkit_rules.check_message(blocks or []):
        raise ApiError(
            problems.code,
            errors=list(problems),
            response_metadata={"messages": problems.messages},
        )
    if not text.strip() and not blocks and not may_be_empty:
        raise ApiError("no_text")
    return text, blocks or []


def _metadata(call: ApiCall) -> JSON | None:
    metadata = call.structure("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_LIMIT:
        raise ApiError("metadata_too_large")
    return metadata


def _thread(call: ApiCall, channel: Channel) -> str | None:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    parent = call.core.state.find(channel.id, thread_ts)
    if parent is None or parent.ephemeral_to:
        raise ApiError("thread_not_found")
    # The ts of a reply selects its thread.
    return parent.thread_ts or parent.ts


def _stored_message(call: ApiCall, channel: Channel, ts: str) -> Message:
    """Return the stored message of a call. Slack does not store ephemeral messages."""
    message = call.core.state.find(channel.id, ts)
    if message is None or message.ephemeral_to or message.subtype == "tombstone":
        raise ApiError("message_not_found")
    return message


def _own(call: ApiCall, channel: Channel, error: str) -> Message:
    message = _stored_message(call, channel, call.required("ts"))
    if message.bot_id != call.core.identity.bot_id:
        raise ApiError(error)
    return message
