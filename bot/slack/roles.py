"""Decides which users of the workspace are admins of Nearsay."""

import logging
import time
from collections.abc import Collection

from slack_sdk import WebClient

from bot.identity import User
from bot.slack.api_errors import FAILURES, error_code
from index.text import one_line, shorten

logger = logging.getLogger(__name__)

ROLE_CACHE_S = 300.0  # seconds that a user's role is cached
LONGEST_NAME = 40  # characters
EXCLUDED_FLAGS = ("deleted", "is_bot", "is_stranger", "is_restricted", "is_ultra_restricted")


class AdminDirectory:
    """The admins: the users in `ids` and, with a `client`, the workspace's admins. Thread-safe."""

    def __init__(self, ids: Collection[str], client: WebClient | None) -> None:
        self.ids = tuple(ids)
        self._client = client
        self._known: dict[str, tuple[bool, float]] = {}

    def actor(self, user_id: str, name: str = "") -> User:
        """Return the user of a verified request, as a non-admin if the role cannot be read."""
        admin = user_id in self.ids or self._is_workspace_admin(user_id)
        return User(user_id or "unknown", admin, shorten(one_line(name), LONGEST_NAME))

    def _is_workspace_admin(self, user_id: str) -> bool:
        if self._client is None or not user_id:
            return False
        now = time.monotonic()
        known = self._known.get(user_id)
        if known is not None and now - known[1] < ROLE_CACHE_S:
            return known[0]
        try:
            user = self._client.users_info(user=user_id).get("user") or {}
        except FAILURES as error:
            logger.warning("the role of %s could not be read: %s", user_id, error_code(error))
            return False
        # Whether the user is an active full member and an admin or owner of the workspace.
        excluded = any(user.get(name) for name in EXCLUDED_FLAGS)
        admin = not excluded and bool(user.get("is_admin") or user.get("is_owner"))
        self._known[user_id] = (admin, now)
        return admin
