"""The state visible to one person, as JSON for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_slack.model import JSON, Channel, Message, View
from tests.fake_slack.payloads import message_json, view_json

if TYPE_CHECKING:
    from tests.fake_slack.workspace import Workspace


def page_state(workspace: Workspace, user: str) -> JSON:
    """Return the state visible to a person; by default the first person.

    Raises:
        ImpossibleError: there is no such person.
    """
    state = workspace.state
    with state.lock:
        people = [u for u in state.users.values() if not u.is_bot]
        me = workspace.user(user) if user or not people else people[0]
        mine = [c for c in state.channels.values() if me.id in c.members]
        home = state.homes.get(me.id)
        return {
            "revision": state.revision,
            "team": workspace.identity.team_name,
            "mode": workspace.mode,
            "connected": workspace.sockets if workspace.mode == "socket" else None,
            "me": me.id,
            "bot": workspace.bot_user_id,
            "dm": workspace.dm(me).id,
            "home_tab": workspace.app.home_tab,
            "users": {u.id: _user(u) for u in state.users.values()},
            "channels": [_channel(workspace, c) for c in mine],
            "messages": {c.id: _messages(workspace, c, me.id) for c in mine},
            "views": [_view(workspace, state.views[v]) for v in state.stacks.get(me.id, [])],
            "home": _view(workspace, state.views[home]) if home else None,
            "commands": [
                {"name": c.name, "description": c.description, "usage": c.usage_hint}
                for c in workspace.app.commands.values()
            ],
            "shortcuts": [
                {"callback_id": s.callback_id, "name": s.name, "type": s.type}
                for s in workspace.app.shortcuts.values()
            ],
            "threads": _threads(workspace),
            "notices": [
                {"channel": n.channel, "code": n.code, "text": n.text}
                for n in state.notices
                if n.user == me.id
            ],
        }


def _user(user: Any) -> JSON:
    return {"id": user.id, "name": user.name, "real_name": user.real_name, "is_bot": user.is_bot}


def _channel(workspace: Workspace, channel: Channel) -> JSON:
    name = channel.name
    if channel.kind == "im":
        name = workspace.app.bot_name
    return {"id": channel.id, "name": name, "kind": channel.kind}


def _messages(workspace: Workspace, channel: Channel, reader: str) -> list[JSON]:
    return [
        _message(workspace, m)
        for m in workspace.state.messages[channel.id]
        if m.ephemeral_to in (None, reader)
    ]


def _message(workspace: Workspace, message: Message) -> JSON:
    shown = message_json(workspace, message)
    shown["channel"] = message.channel
    shown["ephemeral"] = message.ephemeral_to is not None
    shown["is_reply"] = message.is_reply
    shown["values"] = message.values
    return shown


def _view(workspace: Workspace, view: View) -> JSON:
    return view_json(workspace, view) | {"errors": view.errors, "values": view.values}


def _threads(workspace: Workspace) -> dict[str, JSON]:
    now = workspace.state.now()
    return {
        f"{channel}:{ts}": {
            "status": thread.status if thread.status_expires > now else "",
            "prompts": thread.prompts,
        }
        for (channel, ts), thread in workspace.state.threads.items()
    }
