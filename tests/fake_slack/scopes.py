"""The scopes for Web API methods and events, from Slack's reference pages.

If a method lists several scopes, one of them is enough. `{kind}` stands for the kind of
conversation: channels, groups, im or mpim.
"""

from tests.fake_slack.model import ChannelKind

SCOPE_PREFIX: dict[ChannelKind, str] = {
    "channel": "channels",
    "group": "groups",
    "im": "im",
    "mpim": "mpim",
}

METHODS: dict[str, tuple[str, ...]] = {
    "apps.connections.open": ("connections:write",),
    "assistant.threads.setStatus": ("chat:write", "assistant:write"),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("{kind}:history",),
    "conversations.info": ("{kind}:read",),
    "conversations.replies": ("{kind}:history",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}

EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
}

EVERY_BOT_SCOPE = sorted(
    {s for names in (*METHODS.values(), *EVENTS.values()) for s in names if "{" not in s}
    | {f"{kind}:{what}" for kind in SCOPE_PREFIX.values() for what in ("history", "read")}
    | {"commands", "files:read", "chat:write.public"} - {"connections:write"}
)


def needed(scopes: tuple[str, ...], kind: ChannelKind | None) -> tuple[str, ...]:
    """Return the scopes for a kind of conversation, or those of all kinds if it is unknown."""
    if kind is not None:
        return tuple(s.replace("{kind}", SCOPE_PREFIX[kind]) for s in scopes)
    return tuple(
        s.replace("{kind}", prefix)
        for s in scopes
        for prefix in (SCOPE_PREFIX.values() if "{kind}" in s else ("",))
    )


def message_event(kind: ChannelKind) -> str:
    """Return the event subscription for messages of a kind of conversation."""
    return "message." + {"channel": "channels", "group": "groups"}.get(kind, kind)
