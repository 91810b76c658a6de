"""Publishes the Home tab of a person."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk import WebClient

from bot.actors import Actor
from bot.admin.replies import Status
from bot.commands.spec import Request
from bot.desk import Desk
from bot.replies import Problem
from bot.slack.admins import Admins
from bot.slack.blocks import text_of
from bot.slack.failures import only_logged
from bot.slack.home import home_view
from index.space.contents import LeafPlace


@dataclass(frozen=True, eq=False)
class HomeCourier:
    """Shows each person a Home tab of their own. Threads may share it."""

    desk: Desk
    client: WebClient
    admins: Admins

    def show(self, user: str, place: LeafPlace | None = None, told: str = "") -> None:
        """Publishes what there is for the person with that id, who leafs at `place`; `told`,
        finished markup, says what has just been done for them."""
        actor = self.admins.actor(user)
        view = home_view(self.desk.front(user, place), self._status(actor), told)
        with only_logged("a Home tab could not be published"):
            self.client.views_publish(user_id=user, view=view)

    def forget(self, user: str) -> None:
        """Deletes what is kept of a person, and says so on their Home tab."""
        reply = self.desk.say("delete my data", Actor(user))
        self.show(user, told=text_of(reply, 300))

    def _status(self, actor: Actor) -> Status | Problem | None:
        """The state of the index for an admin; None for anybody else."""
        if not actor.admin:
            return None
        reply = self.desk.handle(Request("near-admin", "", verb="status"), actor)
        return reply if isinstance(reply, Status | Problem) else None
