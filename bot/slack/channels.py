"""Classifies Slack conversations as public, private or direct."""

import threading

from cachetools import LRUCache

from index.storage.db.questions import Place

MAX_CONVERSATIONS = 10_000  # conversations in the cache
_KINDS: dict[str, Place] = {"channel": "public", "im": "direct"}
_PRIVATE_NAMES = ("privategroup", "directmessage")


def visibility_of(channel: str, kind: str = "", name: str = "") -> Place | None:
    """Classify a conversation by id and `channel_type` (`kind`) or name; return None if unknown."""
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
    """Caches the type of each conversation, as seen in events. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = LRUCache[str, Place](MAX_CONVERSATIONS)

    def record(self, channel: str, kind: str) -> None:
        """Record the `channel_type` of an event, if it has one."""
        if kind and (place := visibility_of(channel, kind)):
            with self._lock:
                self._known[channel] = place

    def get(self, channel: str, given: Place | None = None) -> Place:
        """Return a conversation's type, private if unknown. Events override `given` "public"."""
        if given not in (None, "public"):
            return given
        with self._lock:
            return visibility_of(channel) or self._known.get(channel) or given or "private"
