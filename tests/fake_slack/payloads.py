"""The payloads for interactions and commands, with the fields that Slack sends.

https://docs.slack.dev/reference/interaction-payloads
"""

from copy import deepcopy

from tests.fake_slack.core import Core
from tests.fake_slack.manifest import Command
from tests.fake_slack.model import JSON, Channel, Message, User, View
from tests.fake_slack.mrkdwn import escape
from tests.fake_slack.state import ResponseUrl


def message_json(core: Core, message: Message, *, with_metadata: bool = False) -> JSON:
    """Return a message as JSON, as in events, payloads and a conversation's history."""
    identity = core.identity
    answer: JSON = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": core.state.users[message.user].team_id,
    }
    optional: JSON = {
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "thread_ts": message.thread_ts,
        "blocks": deepcopy(message.blocks),
        "files": deepcopy(message.files),
        "edited": message.edited,
    }
    answer |= {name: value for name, value in optional.items() if value}
    if message.bot_id:
        answer |= {"bot_id": identity.bot_id, "app_id": identity.app_id}
        answer["bot_profile"] = core.bot_profile()
    if with_metadata and message.metadata:
        answer["metadata"] = deepcopy(message.metadata)
    answer |= _thread_fields(core, message)
    return answer


def _thread_fields(core: Core, message: Message) -> JSON:
    if message.is_reply:
        parent = core.state.find(message.channel, message.thread_ts or "")
        return {"parent_user_id": parent.user} if parent else {}
    replies = core.state.thread(message.channel, message.ts)[1:]
    if not replies:
        return {}
    return {"thread_ts": message.ts, "reply_count": len(replies)}


def view_json(core: Core, view: View) -> JSON:
    """Return a view as Slack does, with its state, hash and stack position."""
    content = view.content
    return {
        "id": view.id,
        "team_id": core.identity.team_id,
        "type": view.type,
        "blocks": deepcopy(content.get("blocks", [])),
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": deepcopy(view.values)},
        "hash": view.hash,
        "title": content.get("title") or {"type": "plain_text", "text": "View Title"},
        "clear_on_close": bool(content.get("clear_on_close", False)),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": core.identity.app_id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": core.identity.team_id,
        "bot_id": core.identity.bot_id,
    }


def common(core: Core, user: User) -> JSON:
    """Return the fields that are common to all interaction payloads."""
    return {
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id,
        },
        "api_app_id": core.identity.app_id,
        "token": core.identity.verification_token,
        "team": {"id": core.identity.team_id, "domain": core.identity.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_json(channel: Channel) -> JSON:
    return {"id": channel.id, "name": channel.command_name}


def new_response_url(core: Core, user: User, channel: Channel, message: Message | None) -> str:
    """Return a new `response_url`; with the app's own message, it may replace and delete that."""
    with core.state.lock:
        kind = "actions" if message else "commands"
        path = f"/{kind}/{core.identity.team_id}/{core.state.new_id('')}"
        core.state.response_urls[path] = ResponseUrl(
            path=path,
            user=user.id,
            channel=channel.id,
            expires=core.state.now() + core.settings.response_url,
            message_ts=message.ts if message and message.bot_id else None,
        )
        return core.base_url + path


def slash_command(core: Core, user: User, channel: Channel, command: Command, text: str) -> JSON:
    """Return a slash command's form fields."""
    return {
        "token": core.identity.verification_token,
        "team_id": core.identity.team_id,
        "team_domain": core.identity.domain,
        "channel_id": channel.id,
        "channel_name": channel.command_name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command.name,
        "text": escape(text),
        "api_app_id": core.identity.app_id,
        "is_enterprise_install": "false",
        "response_url": new_response_url(core, user, channel, None),
        "trigger_id": core.state.new_trigger(user.id, core.settings.trigger),
    }


def on_message(core: Core, user: User, message: Message) -> JSON:
    """Return the part of a payload that names the message with the element.

    Slack does not store ephemeral messages, so their payloads have no `message`.
    """
    channel = core.state.channels[message.channel]
    container: JSON = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    answer: JSON = {"container": container, "channel": channel_json(channel)}
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    if message.ephemeral_to is None:
        answer["message"] = message_json(core, message)
    answer["state"] = {"values": deepcopy(message.values.get(user.id, {}))}
    answer["response_url"] = new_response_url(core, user, channel, message)
    answer["trigger_id"] = core.state.new_trigger(user.id, core.settings.trigger)
    return answer


def in_view(core: Core, user: User, view: View) -> JSON:
    """Return the part of a payload that names the view with the element."""
    trigger = core.state.new_trigger(
        user.id, core.settings.trigger, view.id if view.type == "modal" else None
    )
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(core, view),
        "trigger_id": trigger,
    }


def block_actions(core: Core, user: User, target: Message | View, actions: list[JSON]) -> JSON:
    where = (
        on_message(core, user, target)
        if isinstance(target, Message)
        else in_view(core, user, target)
    )
    return {"type": "block_actions"} | common(core, user) | where | {"actions": actions}


def view_submission(core: Core, user: User, view: View) -> JSON:
    return (
        {"type": "view_submission"}
        | common(core, user)
        | {
            "trigger_id": core.state.new_trigger(user.id, core.settings.trigger, view.id),
            "view": view_json(core, view),
            "response_urls": [],
        }
    )


def global_shortcut(core: Core, user: User, callback_id: str) -> JSON:
    return (
        {"type": "shortcut", "action_ts": core.state.new_ts(), "callback_id": callback_id}
        | common(core, user)
        | {"trigger_id": core.state.new_trigger(user.id, core.settings.trigger)}
    )


def message_shortcut(core: Core, user: User, callback_id: str, message: Message) -> JSON:
    channel = core.state.channels[message.channel]
    return (
        {
            "type": "message_action",
            "action_ts": core.state.new_ts(),
            "callback_id": callback_id,
            "message_ts": message.ts,
            "message": message_json(core, message),
            "channel": channel_json(channel),
        }
        | common(core, user)
        | {
            "response_url": new_response_url(core, user, channel, message),
            "trigger_id": core.state.new_trigger(user.id, core.settings.trigger),
        }
    )
