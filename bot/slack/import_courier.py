"""Importing in Slack: a file that an admin sends to the bot, what would come of it, and the buttons
under that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from slack_sdk import WebClient

from bot.actors import Actor
from bot.admin.import_replies import Import
from bot.admin.uploads import Uploads
from bot.commands.spec import Request
from bot.desk import Desk
from bot.replies import Problem, Reply
from bot.slack.admin_blocks import failed, settled
from bot.slack.admins import Admins
from bot.slack.blocks import Asked, message_of
from bot.slack.elements import Message
from bot.slack.live_message import LiveMessage, post
from bot.slack.queue.delivery import Delivery
from bot.slack.queue.inbox import Inbox
from bot.slack.sent_files import Downloads, SentFile, from_line
from index.errors import NearsayError

# What leaves a report as it is: nothing was begun.
UNTOUCHED = ("not_admin", "not_found", "applied", "changed")


@dataclass(frozen=True, eq=False)
class ImportCourier:
    """Works off files that were sent, and the buttons under a report. Threads may share it."""

    desk: Desk
    inbox: Inbox
    client: WebClient
    admins: Admins
    downloads: Downloads
    uploads: Uploads
    prefix: str = ""

    def take(self, delivery: Delivery) -> None:
        """Answers what somebody sent, a message for each file."""
        actor = self.admins.actor(delivery.user, delivery.user_name)
        taken = True
        for file in from_line(delivery.line):
            name = hashlib.sha256(f"{delivery.key}/{file.id}".encode()).hexdigest()[:16]
            request = Request("near-admin", "", {"upload": name}, "import")
            reply = self._planned(file, name, request, actor)
            message = message_of(reply, Asked(request, self.prefix))
            taken &= post(self.client, delivery.channel, message) is not None
        if taken:
            self.inbox.answered(delivery)

    def takes(self, request: Request, delivery: Delivery) -> bool:
        """Whether somebody pressed "Apply" or "Cancel" under a report."""
        return request.verb == "import" and bool(delivery.message)

    def answer(self, delivery: Delivery, request: Request, actor: Actor) -> Message | None:
        """Does what was pressed; the report then says what came of it (see `OwnWay`)."""
        with LiveMessage(self.client, place=(delivery.channel, delivery.message)) as live:
            reply = self.desk.handle(request, actor, live.tell)
        if isinstance(reply, Import):
            done = settled(delivery.told, reply)
        elif isinstance(reply, Problem) and reply.code not in UNTOUCHED:
            done = failed(delivery.told, reply, request, self.prefix)
        else:
            return self._message(reply)
        return None if live.end(done) else self._message(reply)

    def _planned(self, file: SentFile, name: str, request: Request, actor: Actor) -> Reply:
        """What would come of a file. Nothing is fetched for who may not import it."""
        if actor.admin:
            try:
                self.uploads.keep(file.name, self.downloads.fetch(file), name)
            except NearsayError as error:
                return replace(Problem.of(error), model=None)
        return self.desk.handle(request, actor)

    def _message(self, reply: Reply) -> Message:
        return message_of(reply, Asked(None, self.prefix))
