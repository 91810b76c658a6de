"""What users of the workspace may do and read: admins, guests, and members of user groups."""

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from bot.identity import SeenIn, Standing, User
from bot.readers import Readers
from bot.slack.api_errors import FAILURES, error_code
from index.text import one_line, shorten

logger = logging.getLogger(__name__)

ROLE_CACHE_S = 300.0  # seconds that a user's role, or the members of a group, are cached
LONGEST_NAME = 40  # characters
GUEST_FLAGS = ("is_restricted", "is_ultra_restricted")
EXCLUDED_FLAGS = ("deleted", "is_bot", "is_stranger", *GUEST_FLAGS)


@dataclass(frozen=True, slots=True)
class Role:
    """What Slack says of a user."""

    standing: Standing = "guest"
    is_workspace_admin: bool = False


class AdminDirectory:
    """The admins, who are the users in `ids` and, with `workspace_admins`, the workspace's admins;
    and what the `readers` of sources need to know of users. Slack is asked for no more than that,
    with `client`; what it does not say counts against the user. Thread-safe.
    """

    def __init__(
        self,
        ids: Collection[str],
        client: WebClient | None,
        readers: Readers | None = None,
        *,
        workspace_admins: bool = False,
    ) -> None:
        self.ids = tuple(ids)
        self._client = client
        self._readers = readers or Readers()
        self._workspace_admins = workspace_admins
        self._known: dict[str, tuple[Any, float]] = {}

    def actor(
        self, user_id: str, name: str = "", *, outside: bool = False, seen_in: SeenIn = "alone"
    ) -> User:
        """Return the user of a verified request, `outside` the organization or not, whose answer
        is seen in `seen_in`."""
        role = Role("stranger") if outside else self._role(user_id)
        listed = user_id in self.ids and not outside
        member = role.standing == "member"
        return User(
            user_id or "unknown",
            listed or (self._workspace_admins and role.is_workspace_admin),
            shorten(one_line(name), LONGEST_NAME),
            standing=role.standing,
            groups=self._groups_of(user_id) if member else frozenset(),
            seen_in=seen_in,
        )

    def _role(self, user_id: str) -> Role:
        if not (self._workspace_admins or self._readers.needs_standing):
            return Role("member")
        found = self._cached(user_id, lambda client: client.users_info(user=user_id).get("user"))
        if not isinstance(found, Mapping) or not found:
            return Role("guest" if self._readers.needs_standing else "member")
        excluded = any(found.get(flag) for flag in EXCLUDED_FLAGS)
        is_guest = any(found.get(flag) for flag in GUEST_FLAGS)
        standing: Standing = "guest" if is_guest else "stranger" if excluded else "member"
        is_admin = bool(found.get("is_admin") or found.get("is_owner"))
        return Role(standing, is_workspace_admin=is_admin and not excluded)

    def _groups_of(self, user_id: str) -> frozenset[str]:
        def members(group: str) -> Collection[str]:
            found = self._cached(
                group, lambda client: client.usergroups_users_list(usergroup=group).get("users")
            )
            return found if isinstance(found, list) else ()

        return frozenset(one for one in self._readers.groups if user_id in members(one))

    def _cached(self, key: str, ask: Callable[[WebClient], object]) -> object:
        """Return Slack's answer about a user or group, or None if there is none."""
        now = time.monotonic()
        known = self._known.get(key)
        if known is not None and now - known[1] < ROLE_CACHE_S:
            return known[0]
        if self._client is None or not key:
            return None
        try:
            answer = ask(self._client)
        except FAILURES as error:
            logger.warning("the role of %s could not be read: %s", key, error_code(error))
            return None
        self._known[key] = (answer, now)
        return answer
