"""Reads the payloads of commands and buttons, and converts them into deliveries."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any, Literal

from bot.commands.spec import Request
from bot.replies.base import Problem
from bot.slack.blocks.feedback import VOTE
from bot.slack.blocks.learning import is_quoted
from bot.slack.channels import visibility_of
from bot.slack.queue.delivery import Delivery
from index.text import one_line

Body = Mapping[str, Any]
_MESSAGE_REF = re.compile(r"([CDG][A-Z0-9]{2,20})/([0-9]{1,15})\.([0-9]{6})")
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}(\.enterprise)?")
OUTSIDE = "nearsay_outside"  # set in a body whose user is of another organization


def id_of(body: Body, what: Literal["user", "channel"]) -> str:
    """Return the id of the user or channel. Its field differs between commands and buttons."""
    given = body.get(what)
    return str((given.get("id") if isinstance(given, dict) else body.get(f"{what}_id")) or "")


def user_name(body: Body) -> str:
    """Return the name of the user on one line. JSON may contain lone surrogates, which no database
    takes."""
    user = body.get("user")
    if isinstance(user, dict):
        return one_line(str(user.get("name") or user.get("username") or ""))
    return one_line(str(body.get("user_name") or ""))


def value_of(body: Body) -> str:
    """Return the value of the pressed button, chosen option or submitted text box."""
    action = action_of(body)
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or "")


def delivery_of(body: Body, request: Request | Problem | None, **others: Any) -> Delivery:
    """Build the delivery for a command or button press; `others` override its fields."""
    channel, block = body.get("channel"), str(action_of(body).get("block_id") or "")
    place = "quoted" if is_quoted(block) else None
    name = channel.get("name") if isinstance(channel, dict) else body.get("channel_name")
    given = {
        "key": str(body.get("trigger_id") or time.time_ns()),
        "kind": "action" if "actions" in body else "command",
        "line": "",
        "response_url": str(body.get("response_url") or ""),
        "received": time.time(),
        "user": id_of(body, "user"),
        "user_name": user_name(body),
        "channel": id_of(body, "channel"),
        "outside": bool(body.get(OUTSIDE)),
        "place": place or visibility_of(id_of(body, "channel"), name=str(name or "")),
    }
    return Delivery(request=request, **given | others)


def vote_of(body: Body) -> Delivery:
    action, message = action_of(body), body.get("message") or {}
    shown = {name: message.get(name) for name in ("text", "blocks")}
    own = action.get("action_id") != VOTE  # Slack's feedback buttons have the vote in their value
    return delivery_of(
        body,
        None,
        kind="vote",
        line=f"{action.get('action_id')} {value_of(body)}" if own else value_of(body),
        thread=str(message.get("thread_ts") or ""),
        message=str(message.get("ts") or ""),
        told=json.dumps(shown) if message or own else "",
    )


def message_ref(channel: str, ts: str) -> str:
    """Return a reference to a message, which `message_link` makes a link of."""
    return f"{channel}/{ts}"


def shortcut_message_ref(body: Body) -> str:
    """Return the reference to the message of a message shortcut, or "" for another payload."""
    ts = str((body.get("message") or {}).get("ts") or "")
    return message_ref(id_of(body, "channel"), ts) if body.get("type") == "message_action" else ""


def message_link(body: Body, reference: str) -> str:
    """Return the address of a message in the workspace of a payload, or "" if it has none."""
    domain = str((body.get("team") or {}).get("domain") or "")
    found = _MESSAGE_REF.fullmatch(reference)
    if not found or not _DOMAIN.fullmatch(domain):
        return ""
    channel, seconds, fraction = found.groups()
    return f"https://{domain}.slack.com/archives/{channel}/p{seconds}{fraction}"


def action_of(body: Body) -> Mapping[str, Any]:
    return next(iter(body.get("actions") or ()), None) or {}
