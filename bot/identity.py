"""Users and their rights."""

from dataclasses import dataclass
from typing import Literal

Standing = Literal["stranger", "guest", "member"]
"""`stranger`: a user of another organization. `guest`: a guest of the workspace, or unknown."""
SeenIn = Literal["alone", "channel", "shared"]
"""Who sees an answer: its user alone, a channel, or a channel shared with other organizations."""


@dataclass(frozen=True, slots=True)
class User:
    """A user with a stable id, who may be an admin.

    In Slack, `id` is the user id and `name` the display name. In the terminal the user is always
    `OPERATOR`, an admin. An `automatic` user stands for scheduled jobs or upgrades. `delivery` is
    the id of the Slack delivery that is answered; a restart repeats it. What a user may read
    depends on `standing`, the ids of their user `groups`, and where the answer is seen
    (`bot.readers`).
    """

    id: str
    admin: bool = False
    name: str = ""
    automatic: bool = False
    delivery: str = ""
    standing: Standing = "guest"
    groups: frozenset[str] = frozenset()
    seen_in: SeenIn = "alone"

    @property
    def label(self) -> str:
        """The name and id, `ada (U012ABCDEF)`; only the id if there is no name."""
        return f"{self.name} ({self.id})" if self.name else self.id


OPERATOR = User("operator", admin=True)
UPGRADE = User("upgrade", admin=True, automatic=True)
START = User("start", admin=True, automatic=True)
ANONYMOUS = User("nobody")
