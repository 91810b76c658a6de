"""Events from the workspace, in Slack's envelope.

A mention in a channel with the bot sends `app_mention` and `message`, with two event ids; in a
direct message there is only `message`. An event is sent if the manifest subscribes to it, its scope
was granted, and the bot is in the conversation. https://docs.slack.dev/apis/events-api
"""

from copy import deepcopy

from tests.fake_slack.core import Core
from tests.fake_slack.model import JSON, Channel, Message, User
from tests.fake_slack.payloads import message_json, view_json
from tests.fake_slack.records import Delivery
from tests.fake_slack.scopes import message_event


def envelope(core: Core, event: JSON, channel: Channel | None) -> JSON:
    """Return an event's outer part; see docs.slack.dev/apis/events-api#callback-field."""
    identity = core.identity
    shared = bool(channel and channel.is_shared)
    event_id = core.state.new_id("Ev")
    return {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "context_team_id": identity.team_id,
        "context_enterprise_id": None,
        "api_app_id": identity.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(core.state.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": identity.team_id,
                "user_id": identity.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }


def emit(core: Core, subscription: str, event: JSON, channel: Channel | None) -> Delivery | None:
    """Send an event if the app may receive it."""
    if not core.app.listens_to(subscription):
        return None
    payload = envelope(core, event, channel)
    delivery = Delivery(
        envelope="events_api",
        name=event["type"],
        payload=payload,
        user=str(event.get("user", "")),
        target=channel.id if channel else "",
        id=payload["event_id"],
    )
    core.dispatch(delivery)
    return delivery


def emit_message(core: Core, message: Message) -> None:
    """Send a new message: `app_mention` if it mentions the bot, and `message`."""
    channel = core.state.channels[message.channel]
    if not core.bot_is_in(channel) or message.ephemeral_to:
        return
    event = message_json(core, message)
    event |= {"channel": channel.id, "event_ts": message.ts}
    if channel.is_shared:
        event |= {"user_team": event["team"], "source_team": event["team"]}
    mention = f"<@{core.identity.bot_user_id}>" in message.text
    if mention and channel.kind != "im" and not message.bot_id:
        emit(core, "app_mention", deepcopy(event) | {"type": "app_mention"}, channel)
    if channel.kind != "im" or core.app.messages_tab:
        event["channel_type"] = channel.kind
        emit(core, message_event(channel.kind), event, channel)


def emit_changed(core: Core, before: JSON, message: Message) -> None:
    """Send `message_changed` with the message before and after the change."""
    channel = core.state.channels[message.channel]
    if not core.bot_is_in(channel):
        return
    event = {
        "type": "message",
        "subtype": "message_changed",
        "message": message_json(core, message),
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": core.state.new_ts(),
        "event_ts": core.state.new_ts(),
        "channel_type": channel.kind,
    }
    emit(core, message_event(channel.kind), event, channel)


def emit_deleted(core: Core, before: JSON, channel: Channel) -> None:
    """Send `message_deleted` with the deleted message."""
    if not core.bot_is_in(channel):
        return
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "deleted_ts": before["ts"],
        "channel": channel.id,
        "hidden": True,
        "ts": core.state.new_ts(),
        "event_ts": core.state.new_ts(),
        "channel_type": channel.kind,
    }
    emit(core, message_event(channel.kind), event, channel)


def emit_home_opened(core: Core, user: User, tab: str) -> Delivery | None:
    """Send `app_home_opened` with the published Home tab, if any."""
    channel = core.state.direct(user.id, core.identity.bot_user_id)
    event: JSON = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": core.state.new_ts(),
    }
    home = core.state.homes.get(user.id)
    if home and tab == "home":
        event["view"] = view_json(core, core.state.views[home])
    return emit(core, "app_home_opened", event, None)
