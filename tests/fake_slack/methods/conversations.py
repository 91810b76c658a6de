"""`conversations.info`, `conversations.history` and `conversations.replies`.

https://docs.slack.dev/reference/methods/conversations.replies
"""

from tests.fake_slack.api_call import ApiCall, ApiError
from tests.fake_slack.model import JSON, Message
from tests.fake_slack.payloads import message_json


def history(call: ApiCall) -> JSON:
    channel = call.channel(must_join=True)
    kept = [m for m in call.core.state.messages[channel.id] if m.ephemeral_to is None]
    roots = [m for m in kept if not m.is_reply]
    return _page_of(call, _in_range(call, roots)[::-1], default=100, largest=999)


def info(call: ApiCall) -> JSON:
    channel, bot = call.channel(), call.core.identity.bot_user_id
    described = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_private": channel.kind != "channel",
        "is_ext_shared": channel.is_shared,
        "is_member": bot in channel.members,
    }
    return {"channel": described}


def replies(call: ApiCall) -> JSON:
    channel = call.channel(must_join=True)
    asked = call.core.state.find(channel.id, call.text("ts"))
    if asked is None or asked.ephemeral_to:
        raise ApiError("thread_not_found")
    if asked.is_reply:
        return _page_of(call, [asked], default=1000, largest=1000)
    parent, *rest = call.core.state.thread(channel.id, asked.ts)
    # The parent is always included, whatever the time range.
    return _page_of(call, [parent, *_in_range(call, rest)], default=1000, largest=1000)


def _in_range(call: ApiCall, messages: list[Message]) -> list[Message]:
    """Return messages between `oldest` and `latest`, both included only if `inclusive`."""
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
