"""What admins ask for in Slack and is more than one answer: a reindex that tells how far it is,
the buttons under it, going back, and an export as a file."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.actors import Actor
from bot.admin.exports import remove
from bot.commands.spec import Request
from bot.desk import Desk
from bot.replies import Problem, Reply
from bot.slack.admin_blocks import note, settled
from bot.slack.blocks import Asked, message_of
from bot.slack.elements import Message
from bot.slack.failures import FAILURES, code_of
from bot.slack.live_message import LiveMessage, Place, post
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.response_url import tell
from index.export.exported import Exported

logger = logging.getLogger(__name__)

CHOICES = ("keep", "rollback")  # what buttons under a reindex ask for


@dataclass(frozen=True, eq=False)
class AdminCourier:
    """Works off what admins ask for. Threads may share it."""

    desk: Desk
    client: WebClient
    prefix: str
    inbox: Inbox

    def takes(self, request: Request, delivery: Delivery) -> bool:
        """Whether a request is one of those that need more than one answer."""
        if request.command != "near-admin":
            return False
        if request.verb == "reindex":
            return request.text.casefold() != "cancel" and "dry-run" not in request.options
        if request.verb in ("export", "rollback"):
            return True
        return request.verb in CHOICES and bool(delivery.message)

    def answer(self, delivery: Delivery, request: Request, actor: Actor) -> Message | None:
        """Answer a request (see `OwnWay`)."""
        if not actor.admin:
            return self._message(self.desk.handle(request, actor), request)
        if request.verb == "reindex":
            return self._reindex(delivery, request, actor)
        if request.verb == "rollback":
            request = self._pinned(delivery, request)
        reply = self.desk.handle(request, actor)
        if isinstance(reply, Exported):
            return self._send_file(reply, actor)
        if delivery.message and not isinstance(reply, Problem):
            place = (delivery.channel, delivery.message)
            if LiveMessage(self.client, place=place).end(settled(delivery.told, reply)):
                return None
        return self._message(reply, request)

    def _message(self, reply: Reply, request: Request) -> Message:
        return message_of(reply, Asked(request, self.prefix))

    def _pinned(self, delivery: Delivery, request: Request) -> Request:
        """The request as it is recorded from now on: a process that takes it over after a crash
        does not go back once more."""
        pinned = self.desk.pinned(request)
        self.inbox.amend(replace(delivery, request=pinned))
        return pinned

    def _reindex(self, delivery: Delivery, request: Request, actor: Actor) -> Message | None:
        """One direct message that updates itself, of which the asker is told where they asked. A
        reindex that does not even begin is only answered."""
        pointed = bool(delivery.posted)

        def on_posted(place: Place) -> None:
            nonlocal pointed
            pointed = True
            self.inbox.amend(replace(delivery, posted=place))
            if place[0] != delivery.channel:
                tell(delivery.response_url, DIRECT)

        with LiveMessage(self.client, actor.id, delivery.posted, on_posted) as live:
            reply = self.desk.handle(request, actor, live.tell)
        last = self._message(reply, request)
        if live.place is None and isinstance(reply, Problem):
            return last
        if not live.end(last):
            return last
        there = not delivery.response_url or (live.place or ("",))[0] == delivery.channel
        return None if pointed or there else note(DIRECT)

    def _send_file(self, reply: Exported, actor: Actor) -> Message:
        """An export, as a file in a direct message to the one who asked."""
        told = f"{reply.entries:,} entries of {reply.generation}"
        place = post(self.client, actor.id, note(told))
        file = Path(reply.path)
        try:
            if place is None:
                raise SlackClientError("no direct message could be opened")
            self.client.files_upload_v2(channel=place[0], file=str(file), filename=file.name)
        except FAILURES as error:
            logger.warning("an export could not be sent: %s", code_of(error))
            return note(
                f"The export could not be sent to you. For an hour it is on the server: {file}"
            )
        remove(file)
        return note(f"{told}: sent to you as a direct message.")


DIRECT = "A direct message tells you how far the reindex is, and what came of it."
