"""Whether a conversation in Slack is public, private or direct, by what Slack says of it."""

from __future__ import annotations

import threading

from bot.ops.bounded_dict import BoundedDict
from index.storage.db import Place

REMEMBERED = 10_000  # conversations of which it is known
_KINDS: dict[str, Place] = {"channel": "public", "im": "direct"}
_PRIVATE_NAMES = ("privategroup", "directmessage")


def place_of(channel: str, kind: str = "", name: str = "") -> Place | None:
    """What a conversation is by its id and by the `channel_type` of an event or by the name that
    a command or a button gives it; None where these do not tell."""
    if channel.startswith("D"):
        return "direct"
    if not channel.startswith("C"):
        return "private"
    if kind:
        return _KINDS.get(kind, "private")
    if name:
        return "private" if name in _PRIVATE_NAMES or name.startswith("mpdm-") else "public"
    return None


class ChannelVisibility:
    """What events have told of conversations. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = BoundedDict[str, Place](REMEMBERED)

    def hear(self, channel: str, kind: str) -> None:
        """Takes note of an event's `channel_type`, where it has one."""
        place = place_of(channel, kind) if kind else None
        if place is None:
            return
        with self._lock:
            self._known[channel] = place

    def of(self, channel: str, told: Place | None = None) -> Place:
        """What a conversation is, of which a delivery has `told`: public where nothing says
        otherwise and something says so."""
        if told not in (None, "public"):
            return told
        with self._lock:
            return place_of(channel) or self._known.get(channel) or told or "private"
