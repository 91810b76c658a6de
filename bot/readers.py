"""Who may read which source: the one place that decides it.

A rule is `public` (anyone, also in channels shared with other organizations), `everybody` (whom the
bot answers), `members` (no guests), or the ids of Slack user groups.
"""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.identity import User
from index.sources.source import BUNDLED
from index.storage.audience import reading_as

PUBLIC, EVERYBODY, MEMBERS = "public", "everybody", "members"
_GROUP = re.compile(r"S[A-Z0-9]{2,20}")
Rules = Mapping[str, frozenset[str]]
"""By the name of a source: one of the words above, or ids of user groups."""
ENCYCLOPEDIA = MappingProxyType({BUNDLED: frozenset({PUBLIC})})  # its licence lets anyone read it


def parse_readers(value: str) -> Rules:
    """Parse `hr=members, legal=S0123ABC+S0456DEF, web=public`."""
    rules: dict[str, frozenset[str]] = {}
    for part in filter(None, map(str.strip, value.split(","))):
        name, _, given = map(str.strip, part.partition("="))
        who = frozenset(filter(None, map(str.strip, given.split("+"))))
        words = len(who) == 1 and who <= {PUBLIC, EVERYBODY, MEMBERS}
        if not name or name in rules or not (words or (who and all(map(_GROUP.fullmatch, who)))):
            raise ValueError(
                "must list each source once, such as hr=members, with public, everybody, members "
                "or ids of user groups (S0123ABC+S0456DEF), separated by commas"
            )
        rules[name] = who
    return rules


@dataclass(frozen=True)
class Readers:
    """The rules for the sources; those without one are for everybody.

    `guests` says whether guests of the workspace are answered.
    """

    rules: Rules = field(default_factory=dict)
    guests: bool = True

    @property
    def groups(self) -> frozenset[str]:
        """The ids of the user groups in the rules."""
        return frozenset(one for who in self.rules.values() for one in who if _GROUP.fullmatch(one))

    @property
    def needs_standing(self) -> bool:
        """Whether the answer depends on who is a guest."""
        closed = any(not who <= {PUBLIC, EVERYBODY} for who in self.rules.values())
        return closed or not self.guests

    def may_read(self, source: str, user: User) -> bool:
        """Return whether `user` may read a source where the answer will be seen.

        What a channel sees, all of its members may read, guests too. An admin reads everything
        that nobody else sees.
        """
        who = self.rules.get(source) or ENCYCLOPEDIA.get(source, frozenset({EVERYBODY}))
        if who == {PUBLIC}:
            return True
        if user.standing == "stranger" or user.seen_in == "shared":
            return False
        if who == {EVERYBODY} or (user.admin and user.seen_in == "alone"):
            return True
        if user.standing == "guest" or user.seen_in == "channel":
            return False
        return who == {MEMBERS} or bool(who & user.groups)

    def reading_as(self, user: User) -> AbstractContextManager[None]:
        """Read in the block, on this thread, only what `user` may read."""
        return reading_as(lambda source: self.may_read(source, user))
