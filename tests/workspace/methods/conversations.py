"""`conversations.*` and `reactions.add`.

https://docs.slack.dev/reference/methods/conversations.replies
"""

from __future__ import annotations

from tests.workspace import events
from tests.workspace.api_call import ApiCall, ApiError
from tests.workspace.model import JSON, Message
from tests.workspace.payloads import message_json


def info(call: ApiCall) -> JSON:
    channel = call.channel()
    shown = channel.to_json(call.core.identity.bot_user_id)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def history(call: ApiCall) -> JSON:
    channel = call.channel(must_join=True)
    kept = [m for m in call.core.state.messages[channel.id] if m.ephemeral_to is None]
    roots = [m for m in kept if not m.is_reply or m.broadcast]
    return _page_of(call, _in_range(call, roots)[::-1], default=100, largest=999)


def replies(call: ApiCall) -> JSON:
    channel = call.channel(must_join=True)
    asked = call.core.state.find(channel.id, call.text("ts"))
    if asked is None or asked.ephemeral_to:
        raise ApiError("thread_not_found")
    if asked.is_reply:
        return _page_of(call, [asked], default=1000, largest=1000)
    parent, *rest = call.core.state.thread(channel.id, asked.ts)
    # The parent always comes along, whatever the time range.
    return _page_of(call, [parent, *_in_range(call, rest)], default=1000, largest=1000)


def members(call: ApiCall) -> JSON:
    shown, cursor = call.page(call.channel().members, default=100, largest=1000)
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


def join(call: ApiCall) -> JSON:
    core = call.core
    channel = call.channel()
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    if not core.bot_is_in(channel):
        channel.members.append(core.identity.bot_user_id)
    return {"channel": channel.to_json(core.identity.bot_user_id)}


def open_direct(call: ApiCall) -> JSON:
    core, bot = call.core, call.core.identity.bot_user_id
    if call.text("channel"):
        return {"channel": call.channel().to_json(bot)}
    people = [name for name in call.required("users").split(",") if name != bot]
    if not people or any(name not in core.state.users for name in people):
        raise ApiError("user_not_found")
    if len(people) == 1:
        channel = core.state.direct(people[0], bot)
    else:
        known = [c for c in core.state.channels.values() if c.kind == "mpim"]
        same = [c for c in known if set(c.members) == {*people, bot}]
        name = "mpdm-" + "--".join(core.state.users[p].name for p in people) + "-1"
        channel = same[0] if same else core.state.new_channel(name, "mpim", [*people, bot])
    if call.flag("return_im"):
        return {"channel": channel.to_json(bot)}
    return {"channel": {"id": channel.id}}


def add_reaction(call: ApiCall) -> JSON:
    channel = call.channel(must_join=True)
    name = call.required("name").strip(":")
    message = call.core.state.find(channel.id, call.text("timestamp"))
    if message is None or message.ephemeral_to:
        raise ApiError("message_not_found")
    bot = call.core.user(call.core.identity.bot_user_id)
    people = message.reactions.setdefault(name, [])
    if bot.id in people:
        raise ApiError("already_reacted")
    people.append(bot.id)
    events.emit_reaction(call.core, bot, message, name)
    return {}


def _in_range(call: ApiCall, messages: list[Message]) -> list[Message]:
    """The messages between `oldest` and `latest`, these included only with `inclusive`."""
    oldest, latest = call.text("oldest", "0"), call.text("latest")
    ends = call.flag("inclusive")
    try:
        low, high = float(oldest), float(latest or "inf")
    except ValueError:
        raise ApiError("invalid_ts_oldest") from None
    return [
        m for m in messages if low < float(m.ts) < high or (ends and float(m.ts) in (low, high))
    ]


def _page_of(call: ApiCall, messages: list[Message], *, default: int, largest: int) -> JSON:
    shown, cursor = call.page(messages, default=default, largest=largest)
    with_metadata = call.flag("include_all_metadata")
    answer: JSON = {
        "messages": [message_json(call.core, m, with_metadata=with_metadata) for m in shown],
        "has_more": bool(cursor),
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer
