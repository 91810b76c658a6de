"""Who in the workspace is an admin of Nearsay."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.actors import Actor

logger = logging.getLogger(__name__)

TRUSTED = 300.0  # seconds that what Slack said of a person holds


class Admins:
    """The user ids of the settings and, with a `client`, the workspace's own admins. Threads may
    share it."""

    def __init__(self, ids: Collection[str], client: WebClient | None = None) -> None:
        self._ids = frozenset(ids)
        self._client = client
        self._lock = threading.Lock()
        self._known: dict[str, tuple[bool, float]] = {}

    def actor(self, user_id: str) -> Actor:
        """The person of a verified request. Where Slack cannot say, nobody is an admin."""
        return Actor(user_id, admin=user_id in self._ids or self._is_workspace_admin(user_id))

    def _is_workspace_admin(self, user_id: str) -> bool:
        if self._client is None or not user_id:
            return False
        now = time.monotonic()
        with self._lock:
            known = self._known.get(user_id)
        if known is not None and now - known[1] < TRUSTED:
            return known[0]
        try:
            user = self._client.users_info(user=user_id).get("user") or {}
        except (SlackApiError, SlackClientError, OSError):
            logger.exception("Slack could not be asked whether %s is an admin", user_id)
            return False
        admin = bool(user.get("is_admin") or user.get("is_owner")) and not user.get("deleted")
        with self._lock:
            self._known[user_id] = (admin, now)
        return admin
