"""Classifies Slack conversations as public, private or direct."""

import logging
import threading

from cachetools import LRUCache
from slack_sdk import WebClient

from bot.slack.api_errors import FAILURES, error_code, is_retryable
from index.storage.db.questions import Place

logger = logging.getLogger(__name__)

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
    """Caches the type of each conversation, and whether it is shared with other organizations, as
    seen in events. Thread-safe.

    A mention does not say in what type of channel it was made; Slack is asked with `client`. A
    channel of which nothing is known counts as shared if `careful`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = LRUCache[str, Place](MAX_CONVERSATIONS)
        self._shared = LRUCache[str, bool](MAX_CONVERSATIONS)
        self.client: WebClient | None = None
        self.careful = False

    def record(self, channel: str, kind: str, *, shared: bool = False) -> None:
        """Record the `channel_type` of an event, if it has one, and whether it is `shared`."""
        place = visibility_of(channel, kind) if kind else None
        with self._lock:
            self._shared[channel] = shared
            if place:
                self._known[channel] = place

    def get(self, channel: str, given: Place | None = None) -> Place:
        """Return a conversation's type, private if unknown. Events override `given` "public"."""
        if given not in (None, "public"):
            return given
        with self._lock:
            found = visibility_of(channel) or self._known.get(channel) or given
        if found is None:
            self._ask(channel)
            with self._lock:
                found = self._known.get(channel)
        return found or "private"

    def is_shared(self, channel: str) -> bool:
        """Return whether a conversation is shared with other organizations."""
        if visibility_of(channel) == "direct":
            return False
        with self._lock:
            found = self._shared.get(channel)
        if found is None:
            self._ask(channel)
            with self._lock:
                found = self._shared.get(channel)
        return self.careful if found is None else found

    def _ask(self, channel: str) -> None:
        if self.client is None:
            return
        try:
            info = self.client.conversations_info(channel=channel).get("channel") or {}
        except FAILURES as error:  # without groups:read, Slack says nothing of private channels
            logger.info("nothing is known of a channel: %s", error_code(error))
            if not is_retryable(error):
                with self._lock:
                    self._known.setdefault(channel, "private")
            return
        shared = any(info.get(name) for name in ("is_ext_shared", "is_pending_ext_shared"))
        is_public = info.get("is_channel") and not info.get("is_private")
        with self._lock:
            self._known[channel] = "public" if is_public else "private"
            self._shared[channel] = shared
